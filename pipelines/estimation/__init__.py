"""Estimates of what a publisher withholds: pure functions of arrays, without files, SQL or Dagster.

Areas, occupations and occupation groups are rows and columns of NumPy arrays; a missing figure is NaN. `tables` turns
staged tables into such arrays and back.

- `withheld`: jobs of withheld cells, from the totals of major groups;
- `hiding`: published cells hidden by the publisher's own pattern, to measure an estimate;
- `interval`: the 90 percent interval of an estimate, its constant, and how often it holds;
- `scale`: the scale of wages on which jobs are spread evenly;
- `distribution`, `template`, `raking`, `wages`: wage distributions of all cells, and percentiles of any mix of them;
- `accuracy`: errors of those percentiles on groups that the estimate did not see.

Figures are the same in every run and on every machine. Sums run in a fixed order, the one matrix product is exact
(`arrays.exact_product`), and results are rounded where they leave this package, far below what is published.
"""
