"""What people see of a release: reports as pages and notebooks, exports, and the summary of `lmi status`.

Belongs here: queries over the published DuckDB (SQL in `sql/reports`) and how their figures are shown. Not here: making
or checking tables.
"""
