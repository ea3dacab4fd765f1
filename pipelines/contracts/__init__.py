"""Loads reference/contracts; derives schemas, comments, expectation suites and the dictionary from them.

Belongs here: what a table promises. Not here: how tables are made (sql/) or where they are stored (warehouse/).
"""
