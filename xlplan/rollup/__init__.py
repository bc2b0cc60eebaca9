"""Plans of many schools in, tidy tables and the district's workbook out."""
