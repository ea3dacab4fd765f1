"""Editions on their way to raw tables: fetched, brought in by hand, or taken from the bundle, then staged.

Belongs here: which edition a run takes and how it becomes raw tables. Not here: bytes over HTTP (archive/), formats
(publishers/).
"""
