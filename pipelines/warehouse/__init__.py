"""Runs SQL over Parquet and assembles the DuckDB file.

Belongs here: the SQL files' lineage, running one, writing tables. Not here: what the tables mean (contracts, sql/).
"""
