"""Side-by-side comparisons with openpyxl: outputs compared first, then timed in turn. `python -m benchmarks`."""
