"""The registry: a module for each declared source, imported when needed, and clear errors where one does not fit."""

import pkgutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from pipelines import publishers
from pipelines.errors import ContractError
from pipelines.publishers import registry
from pipelines.publishers.registry import publisher, raw_sources, read, tables_of
from pipelines.sources import declared_sources

#: Modules that several sources share.
SHARED = {"common", "duplicates", "own_projections", "registry", "states"}


def test_every_declared_source_has_a_module_and_every_module_a_source() -> None:
    assert {module.name for module in pkgutil.iter_modules(publishers.__path__)} - SHARED == set(declared_sources())
    for source in declared_sources():
        assert vars(publisher(source))["SOURCE"] == source


def test_sources_of_raw_tables_are_in_the_order_of_their_declaration() -> None:
    jobs = ("soc", "naics", "oews", "qcew", "projections", "projections_central", "projections_short", "onet")
    programs = ("cip_soc", "cip", "cip_clusters", "ipeds", "scorecard", "cps", "census_occ")
    assert raw_sources() == jobs + programs
    names = [str(table.table) for table in tables_of("projections")]
    assert names == ["raw.ep_occupation", "raw.ep_separations", "raw.ep_education"]
    assert tables_of("career_clusters") == ()


def test_a_module_is_imported_when_it_is_needed() -> None:
    code = (
        "import sys; from pipelines.publishers import registry\n"
        "loaded = lambda: sorted(name for name in sys.modules if name in ('pipelines.publishers.soc', "
        "'pipelines.publishers.qcew'))\n"
        "print(loaded()); registry.tables_of('soc'); print(loaded())"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["[]", "['pipelines.publishers.soc']"]


def test_a_module_without_its_parts_is_named() -> None:
    with pytest.raises(ContractError, match=r"pipelines/publishers/states\.py has no TABLES and no read"):
        publisher("states")


def test_a_source_without_a_module_is_named() -> None:
    with pytest.raises(ContractError, match=r"declares moon, but there is no pipelines/publishers/moon\.py"):
        publisher("moon")


def test_a_module_that_imports_what_is_not_there_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "moon.py").write_text("import no_such_module\n", encoding="utf-8")
    monkeypatch.setattr(publishers, "__path__", [*publishers.__path__, str(tmp_path)])
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        publisher("moon")


def _module(monkeypatch: pytest.MonkeyPatch, *tables: str, vintage: str | None = "2018") -> None:
    """Any source's module makes a table `naics`."""
    made = (vintage, {"naics": pl.DataFrame()})
    fake = SimpleNamespace(TABLES=tables, read=lambda source, files, scratch: made)
    monkeypatch.setattr(registry, "publisher", lambda source: fake)


def test_a_table_without_a_contract_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _module(monkeypatch, "cheese")
    tables_of.cache_clear()
    with pytest.raises(ContractError, match=r"raw\.cheese: .*soc\.py makes this table, and it has no contract"):
        tables_of("soc")
    tables_of.cache_clear()


def test_a_module_that_makes_other_tables_than_it_says_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _module(monkeypatch, "soc")
    with pytest.raises(ContractError, match=r"soc\.py made the tables naics; its TABLES are soc"):
        read("soc", {}, tmp_path)


def test_raw_tables_without_a_vintage_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _module(monkeypatch, "naics", vintage=None)
    with pytest.raises(ContractError, match=r"soc\.py makes raw tables and names no vintage"):
        read("soc", {}, tmp_path)
