"""Vintages on their way to raw tables: fetched, added by hand or bundled, selected for a run, and staged.

Not here: bytes over HTTP and their storage (archive/), and what is in a publisher's file (publishers/).
"""
