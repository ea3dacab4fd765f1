"""Checks of staged tables in Great Expectations over DuckDB: contracts and reconciliations, and the verdict on them.

Belongs here: finding out what is wrong. Not here: acting on it (release/gate.py).
"""
