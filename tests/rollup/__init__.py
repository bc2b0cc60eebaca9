"""Tests of xlplan.rollup, all on one invented district."""
