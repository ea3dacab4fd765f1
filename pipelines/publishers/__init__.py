"""One module per source, with its raw tables and a function that reads them from the publisher's files.

No network, no settings, no Dagster. `registry` finds the modules; what several of them need is in `common`.
"""
