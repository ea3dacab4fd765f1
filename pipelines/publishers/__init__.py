"""Publishers' files in, typed Polars frames out: one module per publisher's format.

Pure functions of files: no network, no settings, no Dagster, no joining of one source to another.
"""
