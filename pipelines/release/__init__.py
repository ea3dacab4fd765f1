"""The release as a product: inputs' fingerprint, gate, assembly, manifest, dictionary, diff, publishing.

Belongs here: turning checked tables into `data/releases/<id>/` and `data/lmi.duckdb`. Not here: the checks themselves.
"""
