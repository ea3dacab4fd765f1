"""Contracts of tables and columns, what they promise, and their enforcement where tables are written.

Belongs here: what a table promises. Not here: how tables are made (sql/) or stored (warehouse/), the gate (quality/).
"""
