"""What a page, a printed report or a tracker says, without saying how it looks."""
