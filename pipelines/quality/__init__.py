"""Checks on staged tables: expectation suites from the contracts, reconciliations from `sql/checks`, the verdict.

Belongs here: finding out what is wrong. Not here: acting on it (release/gate.py).
"""
