"""Dagster wiring: assets, checks, jobs and schedules over the plain functions of the other packages.

Belongs here: what depends on what, and when it runs. Not here: how anything is computed. Only this package imports
Dagster.
"""
