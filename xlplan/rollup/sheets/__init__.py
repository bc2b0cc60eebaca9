"""The sheets of the district workbook, one module each, which says what cells others may use."""
