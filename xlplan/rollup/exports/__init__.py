"""Exports: the tables of a campaign as files or a database that other programs read."""
