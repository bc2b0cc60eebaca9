"""Compositions of the packages below: generate, check, collect, status, summarise."""
