"""Tables are held against the edition before, and against the totals inside them."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.archive.store import Archive
from pipelines.errors import BadInputError
from pipelines.intake import parsed
from pipelines.intake.bundle import bundled_tables
from pipelines.intake.by_hand import add_by_hand
from pipelines.intake.whole import refuse_partial
from pipelines.paths import BUNDLE, REFERENCE
from pipelines.settings import Settings
from pipelines.sources import declared_sources

CENTRAL = "long_term_2022_2032.tsv"


def _raw(name: str) -> pl.DataFrame:
    return pl.read_parquet(BUNDLE / "raw" / f"{name}.parquet")


def _refused(source: str, files: list[str], changed: dict[str, pl.DataFrame], *, fetched: bool = False) -> str:
    """What is told of the bundled tables of a source after a change of some; nothing if they are accepted."""
    before = bundled_tables(source)
    tables = {name: changed.get(name, pl.read_parquet(path)) for name, path in before.items()}
    try:
        refuse_partial(source, files, tables, before, fetched=fetched)
    except BadInputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("source", [name for name, declared in declared_sources().items() if declared.holds])
def test_the_bundle_holds_what_its_source_declares(source: str) -> None:
    if bundled_tables(source) and source != "qcew":
        assert _refused(source, list(declared_sources()[source].file_names), {}) == ""


def test_every_source_declares_what_it_must_hold() -> None:
    assert [name for name, declared in declared_sources().items() if not declared.holds] == []


@pytest.mark.parametrize(
    ("source", "table", "change", "told"),
    [
        ("naics", "naics", lambda frame: frame.head(1_999), "126 codes, over 0 %"),
        ("soc", "soc", lambda frame: frame.filter(pl.col("soc_code") != "53-7121"), "1 codes, over 0 %"),
        ("soc", "soc", lambda frame: frame.with_columns(pl.col("soc_title").shift(1, fill_value="x")), "another title"),
        ("onet", "onet_job_zone", lambda frame: frame.head(300), "groups of the edition before are missing"),
        ("onet", "onet_job_zone", lambda frame: frame.gather_every(2), "are missing: the file may be cut short"),
        ("projections", "ep_occupation", lambda frame: frame.with_columns(pl.col("base_jobs_thousand") * 10), "unit"),
        ("projections_central", "projections_central", lambda frame: frame.filter(pl.col("area_id") != "WY"), "WY"),
        (
            "projections_central",
            "projections_central",
            lambda frame: frame.filter((pl.col("area_id") != "WY") | (pl.col("soc_code") < "30")),
            "codes of WY in the edition before are missing",
        ),
        (
            "projections_central",
            "projections_central",
            lambda frame: frame.with_columns(pl.col("base_jobs") * pl.when(soc_code="29-1141").then(100).otherwise(1)),
            "have more base_jobs together than",
        ),
        ("oews", "oews_area_occupation", lambda frame: frame.filter(
            (pl.col("area_id") != "WY") | (pl.col("soc_code") < "40")
        ), "area_id WY: the major groups do not add up to"),
    ],
)  # fmt: skip
def test_a_list_that_is_cut_or_changed_is_refused(source, table, change, told):
    files = [CENTRAL] if source == "projections_central" else list(declared_sources()[source].file_names)
    message = _refused(source, files, {table: change(_raw(table))})
    assert told in message, message


def test_files_of_some_states_are_held_to_these_states() -> None:
    ohio = _raw("projections_central").filter(area_id="OH")
    assert _refused("projections_central", ["long_term_39.json"], {"projections_central": ohio}) == ""
    half = {"projections_central": ohio.filter(pl.col("soc_code") < "30")}
    assert "codes, over 15 % of the 819 of the edition before" in _refused(
        "projections_central", ["long_term_39.json"], half
    )


def test_a_file_of_all_areas_holds_every_state_and_the_nation() -> None:
    """The bundled sample lacks California, Texas and the nation."""
    told = _refused("qcew", ["2016_annual_singlefile.zip"], {}, fetched=True)
    assert "states are missing" in told
    assert "(missing 'CA, TX, US')" in told
    assert _refused("qcew", ["2016_annual_by_area.zip"], {}, fetched=True) == ""
    assert _refused("qcew", ["2016_annual_singlefile.zip"], {}) == "", "people cut the file to their areas"


@pytest.fixture
def _as_in_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsed, "refuse_partial", refuse_partial)


def _cluster_list() -> list[str]:
    """Lines of O*NET OnLine's list, made of the memberships of the present framework, in the order of its clusters."""
    framework = pl.read_csv(REFERENCE / "framework" / "cluster.csv").select("cluster_id", "cluster_name", "sort_order")
    listed = pl.read_csv(REFERENCE / "crosswalks" / "soc_sub_cluster.csv").join(framework, on="cluster_id")
    rows = listed.sort("sort_order", "soc_code").select("cluster_name", "sub_cluster_id", "soc_code").rows()
    return [f'"{cluster}",{sub_cluster},{code}.00,Occupation {code}' for cluster, sub_cluster, code in rows]


def _list_of(folder: Path, lines: list[str]) -> Path:
    path = folder / "All_Career_Clusters.csv"
    path.write_text("\r\n".join(["Career Cluster,Sub-Cluster,Code,Occupation", *lines, ""]), encoding="utf-8")
    return path


@pytest.mark.usefixtures("_as_in_a_run")
@pytest.mark.parametrize(
    ("cut", "told"),
    [
        (
            lambda lines: lines[: len(lines) // 2],
            r"clusters are missing altogether: the list is cut short \(missing '",
        ),
        (lambda lines: lines[:-1], ""),
        (lambda lines: lines[::2], "codes that the list has in reference/crosswalks/soc_sub_cluster.csv are missing"),
        (lambda lines: [line for line in lines if ",53-" not in line], "soc_sub_cluster.csv are missing"),
        (lambda lines: [line.replace("Agriculture", "Farming") for line in lines], "no cluster has this name"),
    ],
)
def test_a_first_list_is_held_against_what_we_know(
    tmp_path: Path, cut: Callable[[list[str]], list[str]], told: str
) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    path = _list_of(tmp_path, cut(_cluster_list()))
    if not told:
        add_by_hand(settings, "onet_clusters", [path], "first", None)
        return
    with pytest.raises(BadInputError, match=told):
        add_by_hand(settings, "onet_clusters", [path], "first", None)
    assert Archive(settings.archive).newest("onet_clusters") is None


def test_every_table_has_a_bound_on_first_sight() -> None:
    """The bundle's table, or codes known from other reference data; a whole QCEW holds every state besides."""
    for source, declared in declared_sources().items():
        for table, holding in declared.holds.items():
            assert table in bundled_tables(source) or holding.known, (source, table)


def test_a_first_short_term_list_is_held_against_the_long_term_one() -> None:
    long_term = _raw("projections_central")

    def told(rows: pl.DataFrame, file: str = "short_term_2024_2026.tsv") -> str:
        try:
            refuse_partial("projections_short", [file], {"projections_short": rows}, {})
        except BadInputError as error:
            return str(error)
        return ""

    assert told(long_term) == ""
    assert told(long_term.filter(~pl.col("area_id").is_in(["GU", "VI"]))) == ""
    assert "27 of the 54 codes that the list has in reference/bundle/raw/projections_central" in told(
        long_term.filter(pl.col("area_id").rank("dense") <= 27)
    )
    ohio = long_term.filter(area_id="OH")
    assert told(ohio, "short_term_39.json") == ""
    assert "codes that OH has in reference/bundle" in told(ohio.head(ohio.height // 2), "short_term_39.json")


@pytest.mark.usefixtures("_as_in_a_run")
def test_a_list_that_is_only_checked_is_held_against_the_one_before(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    lines = _cluster_list()
    add_by_hand(settings, "onet_clusters", [_list_of(tmp_path, lines)], "first", None)
    told = "% of the .* of the edition before, are missing"
    with pytest.raises(BadInputError, match=told):
        add_by_hand(settings, "onet_clusters", [_list_of(tmp_path, lines[::2])], "second", None)
    kept = Archive(settings.archive).newest("onet_clusters")
    assert kept is not None
    assert kept.vintage == "first"
    add_by_hand(settings, "onet_clusters", [_list_of(tmp_path, lines[:-1])], "third", None)
