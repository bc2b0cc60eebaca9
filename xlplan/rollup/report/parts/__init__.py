"""The parts of the district's report, a module each: a deck in, a part out, or None where there is nothing to show."""
