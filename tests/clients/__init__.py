"""Real spreadsheet programs, driven the way a person drives them."""
