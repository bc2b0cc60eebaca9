"""One plan as a sheet to read and to print."""
