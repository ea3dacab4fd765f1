"""A workbook in the layout of 2025-35, a states' list without years and O*NET's files, all the way to the outlook."""

import polars as pl
import pytest
from outlook_inputs import bridge

from pipelines.archive.find import find_files
from pipelines.publishers.registry import read
from tests.fixtures.projection_files import Projected, write_onet, write_projections, write_states

NURSES = Projected(3_400.0, 3_570.0, 98.0, 75.0, 190.0)
PLUMBERS = Projected(
    500.0, 525.0, 15.0, 27.0, 44.5, education="High school diploma or equivalent", training="Apprenticeship"
)


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    folder = tmp_path_factory.mktemp("publishers")
    write_projections(folder, {"29-1141": NURSES, "47-2152": PLUMBERS}, (2025, 2035))
    write_states(
        folder / "long_term_2022_2032.tsv",
        [
            (0, "29-1141", 3_000_000, 3_200_000, 6.7, 180_000),
            (1, "00-0000", 51_000, 54_000, 5.9, 3_100),
            (1, "29-1141", 51_000, 54_000, 5.9, 3_100),
        ],
    )
    write_onet(folder, {"29-1141.00": 3, "29-1141.01": 4, "29-1141.03": 5})
    tables: dict[str, pl.DataFrame] = {}
    for source in ("projections", "projections_central", "onet"):
        _, made = read(source, find_files(source, folder), folder / "scratch")
        tables |= {str(name): frame for name, frame in made.items() if isinstance(frame, pl.DataFrame)}
    return tables


def test_the_vintage_2025_35_is_its_own_projection_period(run_sql, raw):
    bridges = [bridge("29-1141"), bridge("47-2152")]
    taken = {name: raw[name] for name in ("raw.ep_occupation", "raw.ep_separations", "raw.projections_central")}
    taken["seed.projection_combination"] = []
    expected = run_sql("core.expected_openings", taken)
    projections = run_sql(
        "core.occupation_projection",
        {**taken, "core.expected_openings": expected, "seed.nem_soc": bridges, "core.oews_area_occupation": []},
    )
    nation = run_sql(
        "core.national_projection",
        {
            "core.occupation_projection": projections,
            "raw.projections_central_nation": raw["raw.projections_central_nation"],
            "seed.nem_soc": bridges,
        },
    )
    assert nation.select("projection_period", "soc_code", "base_jobs", "source").rows() == [
        ("2022-32", "29-1141", 3_000_000, "projections_central"),
        ("2025-35", "00-0000", 3_900_000, "projections"),
        ("2025-35", "29-1141", 3_400_000, "projections"),
        ("2025-35", "47-2152", 500_000, "projections"),
    ]
    preparation = run_sql(
        "core.occupation_preparation",
        {
            "raw.ep_education": raw["raw.ep_education"],
            "raw.onet_job_zone": raw["raw.onet_job_zone"],
            "seed.nem_soc": bridges,
            "seed.soc_combined": [],
        },
    )
    outlook = run_sql(
        "marts.occupation_outlook",
        {
            "core.occupation_projection": projections,
            "core.occupation_preparation": preparation,
            "core.national_projection": nation,
            "reference.source_vintage": [
                {"source": "projections", "vintage": "2025-35"},
                {"source": "projections_central", "vintage": "2022-32"},
            ],
        },
    )
    columns = [
        "area_id",
        "soc_code",
        "projection_period",
        "base_year",
        "projected_year",
        "base_jobs",
        "annual_openings",
    ]
    assert outlook.select(columns).rows() == [
        ("AL", "29-1141", "2022-32", 2022, 2032, 51_000, 3_100),
        ("US", "29-1141", "2025-35", 2025, 2035, 3_400_000, 190_000),
        ("US", "47-2152", "2025-35", 2025, 2035, 500_000, 44_500),
    ]
    asked = ["soc_code", "entry_education", "on_the_job_training", "is_middle_skill", "job_zone_mean"]
    assert outlook.filter(pl.col("area_id") == "US").select(asked).rows() == [
        ("29-1141", "Bachelor's degree", "None", False, 4.0),
        ("47-2152", "High school diploma or equivalent", "Apprenticeship", True, None),
    ]
