"""The project's own folders. Data folders come from the settings."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
NOTEBOOKS = PROJECT / "notebooks"
SQL = PROJECT / "sql"
REFERENCE = PROJECT / "reference"
CONTRACTS = REFERENCE / "contracts"
CROSSWALKS = REFERENCE / "crosswalks"
POLICIES = REFERENCE / "policies"
FRAMEWORK = REFERENCE / "framework"
BUNDLE = REFERENCE / "bundle"
BOUNDARIES = REFERENCE / "boundaries"
