"""The project's own folders. Data folders come from the settings.

In the repository they stand beside the package. An installed wheel has them inside it (`pyproject.toml` says so).
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
RESOURCES = PACKAGE / "resources"
IS_INSTALLED = RESOURCES.is_dir()
PROJECT = RESOURCES if IS_INSTALLED else PACKAGE.parent
NOTEBOOKS = PROJECT / "notebooks"
SQL = PROJECT / "sql"
REFERENCE = PROJECT / "reference"
CONTRACTS = REFERENCE / "contracts"
CROSSWALKS = REFERENCE / "crosswalks"
POLICIES = REFERENCE / "policies"
FRAMEWORK = REFERENCE / "framework"
BUNDLE = REFERENCE / "bundle"
BOUNDARIES = REFERENCE / "boundaries"
