"""A report as one HTML file, which needs nothing from elsewhere."""
