"""What may be put out for anybody to read: sums that give nobody away, and words without persons."""
