"""Labor market indicators by Career Cluster: from publishers' files to a checked, published DuckDB.

One direction: archive -> publishers -> sql/core -> sql/marts -> quality gate -> release -> reports.
"""
