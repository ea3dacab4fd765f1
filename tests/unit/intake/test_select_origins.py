"""Where a run on a folder took each source from."""

from pathlib import Path

from pipelines.intake.bundle import read_manifest
from pipelines.intake.select import RunInputs, SourceInput, origins


def test_each_source_is_named_with_where_it_is_from() -> None:
    files = {"oe.area": Path("oe.area"), "oe.industry": Path("oe.industry")}
    inputs = RunInputs(
        {
            "oews": SourceInput("oews", files=files),
            "soc": SourceInput("soc", files={"soc_structure_2018.xlsx": Path("soc_structure_2018.xlsx")}),
            "naics": SourceInput("naics", bundled=read_manifest().sources["naics"]),
            "onet_clusters": SourceInput("onet_clusters"),
        }
    )
    assert origins(inputs) == {
        "From the folder": ["oews (2 files)", "soc (1 file)"],
        "From the bundle": ["naics"],
        "Without figures": ["onet_clusters"],
    }
