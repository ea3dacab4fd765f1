"""Codes of states and territories, which each publisher writes in its own way."""

import csv
from functools import cache

from pipelines.paths import CROSSWALKS


@cache
def postal_code_of_fips() -> dict[str, str]:
    """Postal codes by two-digit FIPS code, from `reference/crosswalks/state.csv`."""
    with (CROSSWALKS / "state.csv").open(encoding="utf-8", newline="") as file:
        return {row["state_fips"]: row["state_id"] for row in csv.DictReader(file)}
