"""Letters, drafts, zips and lists for a mail merge: facts in, bytes out. Nothing is ever sent."""
