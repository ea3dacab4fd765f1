"""What people see of a release: status and summaries now, state profiles later.

Belongs here: queries over the published DuckDB and how they are shown. Not here: making or checking tables.
"""
