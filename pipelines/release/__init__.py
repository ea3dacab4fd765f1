"""Releases: a run's lock and inputs, gate, publishing, manifest, dictionary, catalogue, diff, freshness, failures.

Belongs here: turning checked tables into `data/releases/<id>/` and `data/lmi.duckdb`, and the state of both. Not here:
the checks themselves (quality/).
"""
