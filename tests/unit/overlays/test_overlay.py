"""An overlay's folder: what the example says, and every fault with its file, line and reason."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.errors import BadInputError, BadInputsError, GateError
from pipelines.overlays.effects import remarks
from pipelines.overlays.memberships import framework_memberships
from pipelines.overlays.overlay_tables import (
    COMPARED,
    OVERLAY,
    OVERLAY_TABLES,
    described_overlay,
    overlay_lines,
    overlay_tables,
    stage_overlay,
)
from pipelines.overlays.programs import bundled_pairs
from pipelines.overlays.read import Overlay, framework_nodes, known_areas, look_over, overlay_policy, read_overlay
from pipelines.paths import PROJECT
from pipelines.reports.overlay import describe
from pipelines.settings import Settings
from pipelines.tables import parquet_path

EXAMPLE = PROJECT / "docs" / "examples" / "ohio_pathways"

#: The counties of the Columbus metro area by the delineation of July 2023.
COLUMBUS = ("39041", "39045", "39049", "39073", "39089", "39097", "39117", "39127", "39129", "39159")


@pytest.fixture(scope="module")
def areas() -> pl.DataFrame:
    return known_areas()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "ohio_pathways")


@pytest.fixture(scope="module")
def example(areas: pl.DataFrame) -> Overlay:
    return read_overlay(EXAMPLE, areas)


def members(overlay: Overlay, soc: str) -> dict[str, float | None]:
    rows = overlay.memberships.filter(soc_code=soc)
    return dict(rows.select("sub_cluster_id", "given_weight").iter_rows())


# --- the example -----------------------------------------------------------------------------------------------------


def test_the_example_changes_what_its_files_say(example: Overlay) -> None:
    assert example.overlay_id == "ohio_pathways"
    assert example.changes_groups
    # by the framework also in design_digital_arts
    assert members(example, "15-1252") == {"software_solutions": None, "web_cloud": None}
    assert members(example, "17-2071") == {
        "battery_manufacturing": None,
        "engineering": None,
        "production_automation": None,
    }
    assert members(example, "51-2028") == {"battery_manufacturing": 0.25, "skilled_trades": 0.75}
    national = framework_memberships()
    assert example.memberships.height == national.height + 3 - 1
    untouched = ["15-1252", "17-2071", "51-2028", "49-3023"]
    kept = example.memberships.filter(~pl.col("soc_code").is_in(untouched))
    assert set(kept.select("soc_code", "cluster_id", "sub_cluster_id").rows()) == set(
        national.filter(~pl.col("soc_code").is_in(untouched)).rows()
    )
    assert not kept["is_added"].any()


def test_the_example_has_its_own_places_and_names(example: Overlay) -> None:
    places = {(row["cluster_id"], row["sub_cluster_id"]): row for row in example.nodes.iter_rows(named=True)}
    assert len(places) == 15 + 73
    assert places["healthcare_human_services", "all"]["node_name"] == "Health Science"
    assert places["digital_technology", "it_support_services"]["node_name"] == "Information Support & Services"
    assert places["construction", "all"]["node_name"] == "Construction"
    assert ("digital_technology", "unmanned_vehicle_technology") not in places
    own = {key for key, row in places.items() if row["is_own"]}
    assert own == {
        ("energy_storage_mobility", sub_cluster)
        for sub_cluster in ("all", "battery_manufacturing", "electric_vehicle_service")
    }
    assert places["digital_technology", "web_cloud"]["is_cross_cutting"]
    assert not places["energy_storage_mobility", "battery_manufacturing"]["is_cross_cutting"]


def test_the_examples_policy_is_its_own_file(example: Overlay) -> None:
    assert example.policy is not None
    assert (example.policy.name, example.policy.state_id) == ("ohio_wages", "OH")


def region(overlay: Overlay, name: str) -> dict[str, tuple[Any, ...]]:
    rows = overlay.regions.members.filter(region_area_id=f"OH:{name}")
    return {row[0]: row[1:] for row in rows.select("area_id", "share_pct", "treatment", "is_listed").iter_rows()}


def test_regions_of_counties_have_the_metro_areas_that_lie_in_them_whole(example: Overlay) -> None:
    found = region(example, "central_ohio")
    # Knox county (39083) is in no metro area
    assert found == {
        **dict.fromkeys((*COLUMBUS, "39083"), (100.0, "whole", True)),
        "C18140": (100.0, "whole", False),
    }
    assert example.regions.regions.filter(region_area_id="OH:central_ohio")["area_name"].item() == "Central Ohio"


def test_a_metro_area_that_reaches_beyond_counts_by_its_share(example: Overlay) -> None:
    assert region(example, "columbus_core")["C18140"] == (85.0, "by_share", True)


def test_regions_of_metro_areas_have_their_counties(example: Overlay) -> None:
    found = region(example, "northeast_metros")
    assert {area for area, row in found.items() if row[2]} == {"C10420", "C15940", "C17410"}
    # Akron: Portage and Summit; Canton: Carroll and Stark; Cleveland: six counties
    assert {"39133", "39153", "39019", "39151", "39035"} <= found.keys()
    assert len(found) == 3 + 2 + 2 + 6


def test_what_the_example_would_do_in_words(example: Overlay, tmp_path: Path) -> None:
    described = describe(example, Settings(data_dir=tmp_path))
    facts = dict(described.facts)
    assert facts["Occupations"].startswith("4 in other sub-clusters")
    assert facts["Figures"] == ("additional rows with basis unduplicated:ohio_pathways, duplicated:ohio_pathways")
    occupations = described.occupations
    assert [row[0] for row in occupations] == ["15-1252", "17-2071", "49-3023", "51-2028"]
    assert occupations[0][1:] == (
        "Software Developers",
        "",
        "design_digital_arts, software_solutions, web_cloud",
        "software_solutions, web_cloud",
    )
    assert described.regions["OH:columbus_core Columbus Core Counties"] == [
        ("counties", "2"),
        ("areas in full", "none"),
        ("areas by share", "C18140 85 %"),
        ("areas left out", "none"),
        ("figures", "by occupation, by industry"),
    ]
    assert described.remarks == []
    assert facts["Program links"] == "1 dropped, 1 added; only the state's figures change"
    assert facts["Secondary programs"] == "concentrators of 2 clusters in 2022-23, 2023-24; they stand beside awards"
    assert [(row[0], row[2], *row[4:]) for row in described.links] == [
        ("47.0604", "49-3031", "add", "Our programs teach diesel engines, too"),
        ("52.0201", "11-1011", "drop", "Graduates in business do not begin as chief executives"),
    ]
    assert described.links[1][3] == "Chief Executives"
    assert [command for command, _ in described.commands] == [
        "lmi report --state OH --basis unduplicated:ohio_pathways",
        "lmi export --state OH --basis unduplicated:ohio_pathways --out FOLDER",
        "lmi report --state OH --area OH:central_ohio",
        "lmi report --state OH --area OH:columbus_core",
        "lmi report --state OH --area OH:northeast_metros",
        "lmi export --state OH --out FOLDER",
        "lmi flags --state OH",
    ]


@pytest.mark.parametrize("name", ["program_links.csv", "secondary_programs.csv"])
def test_the_page_shows_the_examples_files(name: str) -> None:
    page = (PROJECT / "docs" / "overlays.md").read_text(encoding="utf-8")
    assert f"```csv\n{(EXAMPLE / name).read_text(encoding='utf-8')}```" in page


# --- faults ----------------------------------------------------------------------------------------------------------

Edit = Callable[[Path], None]


def replace(file: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old} is {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def append(file: str, *lines: str) -> Edit:
    def edit(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as opened:
            opened.writelines(f"{line}\n" for line in lines)

    return edit


def line_of(folder: Path, file: str, text: str) -> str:
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    (found,) = (number for number, line in enumerate(lines, 1) if text in line)
    return f"line {found}"


YML, CSV, REGIONS = "overlay.yml", "memberships.csv", "regions.csv"
LINKS, SECONDARY = "program_links.csv", "secondary_programs.csv"


@pytest.mark.parametrize(
    ("edit", "file", "at", "reason"),
    [
        (replace(YML, "as_of: 2026", "as_of: 2026\nweigths: state"), YML, "weigths", "unknown key weigths"),
        (replace(YML, "state_id: OH", "state_id: ZZ"), YML, "state_id", "no state or territory"),
        (replace(YML, "as_of: 2026", "as_of: yes"), YML, "as_of", "as_of"),
        (replace(YML, "as_of: 2026", "as_of: 2999"), YML, "as_of: 2999", "a year up to"),
        (
            replace(YML, "  - unmanned_vehicle", "  - robotics\n  - robotics # again\n  - unmanned_vehicle"),
            YML,
            "# again",
            "left_out: the id is listed twice",
        ),
        (replace(YML, "as_of: 2026", "as_of: [2026"), YML, "default_policy", "not valid YAML"),
        (replace(YML, "as_of: 2026\n", "as_of: 2026\nas_of: 2025\n"), YML, "as_of: 2025", "is repeated"),
        (
            replace(YML, "- unmanned_vehicle_technology", "- unmanned_vehicles"),
            YML,
            "- unmanned_vehicles",
            "no cluster or sub-cluster with this id",
        ),
        (replace(YML, "it_support_services: ", "it_help: "), YML, "it_help", "no cluster or sub-cluster with this id"),
        (
            replace(YML, "it_support_services: ", "unmanned_vehicle_technology: "),
            YML,
            "unmanned_vehicle_technology: ",
            "named, but left out",
        ),
        (
            replace(YML, "- cluster_id: energy_storage_mobility", "- cluster_id: construction"),
            YML,
            "- cluster_id: construction",
            "this id is taken",
        ),
        *(
            (
                replace(YML, "- cluster_id: energy_storage_mobility", f"- cluster_id: {word}"),
                YML,
                f"- cluster_id: {word}",
                "this id is taken",
            )
            for word in ("all", "no_home", "unassigned")
        ),
        (
            replace(YML, "sub_cluster_id: battery_manufacturing", "sub_cluster_id: robotics"),
            YML,
            "sub_cluster_id: robotics",
            "this id is taken",
        ),
        (
            replace(
                YML,
                "sub_cluster_name: Battery Manufacturing\n    cluster_id: energy_storage_mobility",
                "sub_cluster_name: Battery Manufacturing\n    cluster_id: storage",
            ),
            YML,
            "cluster_id: storage",
            "neither the framework nor this file",
        ),
        (
            replace(
                YML, "  - cluster_id: energy", "  - cluster_id: bare\n    cluster_name: Bare\n  - cluster_id: energy"
            ),
            YML,
            "cluster_id: bare",
            "needs at least one sub-cluster",
        ),
        (replace(YML, "ohio_wages ", "ohio_wage "), YML, "default_policy", "nor a preset; the presets are bright"),
        (replace("ohio_wages.yml", "combine: any", "combine: some"), "ohio_wages.yml", "combine", "combine"),
        (replace(YML, "  columbus_core: Columbus", "  columbus: Columbus"), YML, "  columbus: ", "lists nothing"),
        (append(CSV, "15-9999,add,web_cloud,,"), CSV, "15-9999", "no detailed occupation with this code"),
        (append(CSV, "15-1250,add,web_cloud,,"), CSV, "15-1250", "no detailed occupation with this code"),
        (append(CSV, "13-1021,add,web_cloud,,"), CSV, "13-1021", "as 13-1020: use that code"),
        (append(CSV, "15-12,add,web_cloud,,"), CSV, "15-12,", "soc_code does not look like"),
        (append(CSV, "29-1141,add,nursing,,"), CSV, "29-1141", "neither the framework nor overlay.yml"),
        (append(CSV, "29-1141,add,unmanned_vehicle_technology,,"), CSV, "29-1141", "leaves this sub-cluster out"),
        (append(CSV, "29-1141,add,physical_health,,"), CSV, "29-1141", "is in this sub-cluster already"),
        (append(CSV, "29-1141,remove,web_cloud,,"), CSV, "29-1141", "is not in this sub-cluster"),
        (append(CSV, "29-1141,keep,physical_health,,"), CSV, "29-1141", "keep needs a weight"),
        (append(CSV, "29-1141,remove,physical_health,1,"), CSV, "29-1141", "a removed membership has no weight"),
        (append(CSV, "29-1141,move,physical_health,,"), CSV, "29-1141", "change is not one of"),
        (append(CSV, "29-1141,add,web_cloud,-0.5,"), CSV, "29-1141", "weight is below"),
        (append(CSV, "29-1141,add,web_cloud,half,"), CSV, "29-1141", "weight is not a number"),
        (append(CSV, "29-1141,add,web_cloud,0.5,"), CSV, "29-1141", "none for physical_health"),
        (
            append(CSV, "29-1141,add,web_cloud,0.5,", "29-1141,keep,physical_health,0.4,"),
            CSV,
            "29-1141,add",
            "the weights of 29-1141 add up to 0.9, not to 1",
        ),
        (append(CSV, "15-1252,remove,design_digital_arts,,"), CSV, None, "appears twice"),
        (replace(CSV, "soc_code,change", "code,change"), CSV, "code,change", "the columns must be"),
        (append(REGIONS, "central_ohio,39999,"), REGIONS, "39999", "no county, metro or nonmetro area"),
        (append(REGIONS, "central_ohio,C99999,"), REGIONS, "C99999", "no county, metro or nonmetro area"),
        (append(REGIONS, "central_ohio,3941,"), REGIONS, "3941", "area_id does not look like"),
        (append(REGIONS, "central_ohio,18089,"), REGIONS, "18089", "an area of another state than OH"),
        (append(REGIONS, "northeast_metros,C38300,"), REGIONS, "C38300", "an area of another state than OH"),
        (append(REGIONS, "capital,39049,"), REGIONS, "capital", "does not name this region"),
        (append(REGIONS, "central_ohio,39047,50"), REGIONS, "39047", "a county is in the region as a whole"),
        (append(REGIONS, "central_ohio,C19430,101"), REGIONS, "C19430", "share_pct is above 100"),
        (append(REGIONS, "central_ohio,C19430,"), REGIONS, "C19430", "lists none of its counties"),
        (append(REGIONS, "central_ohio,N3900004,"), REGIONS, "N3900004", "give in share_pct"),
        (replace(REGIONS, "C18140,85", "C18140,"), REGIONS, "C18140", "only partly in the region: 39045, 39073"),
        (replace(REGIONS, "C18140,85", "C18140,100"), REGIONS, "C18140", "not all of it can be in the region"),
        (append(LINKS, "51.3899,29-1141,drop"), LINKS, "51.3899", "3 cells where the header has 4"),
        (append(LINKS, "51.3801,29-1141,remove,x"), LINKS, "51.3801", "action"),
        (append(LINKS, "51.3801,29-1141,drop,"), LINKS, "51.3801", "reason"),
        (append(LINKS, "51.38,29-1141,drop,x"), LINKS, "51.38", "a code of six digits"),
        (append(LINKS, "52.0201,11-1011,add,x"), LINKS, "52.0201,11-1011,add", "twice"),
        (append(LINKS, "51.9998,29-1141,add,x"), LINKS, "51.9998", "CIP 2020 has no program with this code"),
        (append(LINKS, "24.0101,29-1141,add,x"), LINKS, "24.0101", "general studies prepare for further study"),
        (append(LINKS, "52.0201,13-1021,add,x"), LINKS, "13-1021", "as 13-1020: use that code"),
        (append(LINKS, "52.0201,13-9999,add,x"), LINKS, "13-9999", "no detailed occupation with this code"),
        # teachers of nursing get no award of it
        (append(LINKS, "51.3801,25-1072,drop,x"), LINKS, "51.3801", "there is nothing to drop"),
        (append(LINKS, "51.3801,29-1141,add,x"), LINKS, "51.3801", "51.3801 leads to this occupation already"),
        (append(SECONDARY, "construction,2023-24,many"), SECONDARY, "construction", "concentrators"),
        (append(SECONDARY, "construction,2023-24,-1"), SECONDARY, "construction", "concentrators"),
        (append(SECONDARY, "construction,2023,10"), SECONDARY, "construction", "two years, as in 2023-24"),
        (append(SECONDARY, "construction,2023-25,10"), SECONDARY, "construction", "two years in a row"),
        (append(SECONDARY, "construction,2098-99,10"), SECONDARY, "2098-99", "it has not begun"),
        (append(SECONDARY, "construction,2022-23,1e3"), SECONDARY, "1e3", "not a whole number in plain digits"),
        (append(SECONDARY, "robotics,2023-24,10"), SECONDARY, "robotics", "the overlay has no cluster with this id"),
    ],
)
def test_a_fault_is_named_with_file_line_and_reason(
    folder: Path, edit: Edit, file: str, at: str | None, reason: str
) -> None:
    edit(folder)
    with pytest.raises(BadInputError) as caught:
        read_overlay(folder, known_areas())
    assert reason in str(caught.value)
    assert caught.value.file == file
    if at is not None:
        assert caught.value.place == line_of(folder, file, at)


def test_all_faults_of_all_files_are_listed_at_once(folder: Path) -> None:
    for edit in (
        replace(YML, "- unmanned_vehicle_technology", "- unmanned_vehicles"),
        replace(YML, "it_support_services: ", "it_help: "),
        replace(YML, "  columbus_core: Columbus", "  columbus: Columbus"),
        append(REGIONS, "central_ohio,39999,", "central_ohio,18089,"),
    ):
        edit(folder)
    with pytest.raises(BadInputsError) as caught:
        read_overlay(folder, known_areas())
    listed = [(each.file, each.value) for each in caught.value.faults]
    assert listed == [
        (YML, "unmanned_vehicles"),
        (YML, "it_help"),
        (YML, "columbus"),
        *[(REGIONS, "columbus_core")] * 3,
        (REGIONS, "39999"),
        (REGIONS, "18089"),
    ]
    for edit in (
        replace(YML, "title: Ohio pathways (example)", "title: 2026"),
        replace(YML, "as_of: 2026", "as_of: yes"),
        append(CSV, "15-12,add,web_cloud,,", "29-1141,add,web_cloud,half,", "29-1141,add"),
        append(REGIONS, '"central_ohio,39001,'),
        replace("ohio_wages.yml", "combine: any", "combine: some"),
    ):
        edit(folder)
    with pytest.raises(BadInputsError) as caught:
        read_overlay(folder, known_areas())
    at = [(each.file, each.place) for each in caught.value.faults]
    in_csv = [(CSV, "line 7"), (CSV, "line 8"), (CSV, "line 9")]
    assert at == [(YML, "line 3"), (YML, "line 5"), *in_csv, (REGIONS, line_of(folder, REGIONS, '"central'))]


def test_what_is_wrong_with_regions_and_weights_is_told_beside_other_faults(folder: Path) -> None:
    replace(YML, "- unmanned_vehicle_technology", "- unmanned_vehicles")(folder)
    append(CSV, "15-9999,add,web_cloud,,", "29-1141,add,web_cloud,0.5,")(folder)
    append(REGIONS, "central_ohio,C19430,", "northeast_metros,18089,", "columbus_core,C17140,", "central_ohio,39999,")(
        folder
    )
    with pytest.raises(BadInputsError) as caught:
        read_overlay(folder, known_areas())
    # a region with a code that nobody knows is not said to lack the counties of an area: that code may be one
    assert [(each.file, each.value) for each in caught.value.faults] == [
        (YML, "unmanned_vehicles"),
        (CSV, "15-9999"),
        (REGIONS, "18089"),
        (REGIONS, "C17140"),
        (REGIONS, "39999"),
    ]
    replace(YML, "- unmanned_vehicles", "- unmanned_vehicle_technology")(folder)
    with pytest.raises(BadInputsError) as caught:
        read_overlay(folder, known_areas())
    # weights are added up once the clusters are known
    assert [each.problem.partition(" has weights")[0] for each in caught.value.faults][:2] == [
        "there is no detailed occupation with this code in SOC 2018 or OEWS",
        "29-1141",
    ]


def test_a_wrong_policy_hides_no_other_fault(folder: Path) -> None:
    replace(YML, "default_policy: ohio_wages ", "default_policy: oregon ")(folder)
    replace(YML, "- unmanned_vehicle_technology", "- unmanned_vehicles")(folder)
    append(REGIONS, "central_ohio,C19430,")(folder)
    with pytest.raises(BadInputsError) as caught:
        read_overlay(folder, known_areas())
    assert [(each.file, each.value) for each in caught.value.faults] == [
        (YML, "oregon"),
        ("ohio_wages.yml", None),
        (YML, "unmanned_vehicles"),
        (REGIONS, "C19430"),
    ]
    # of a state that nobody knows no area can be looked for
    replace(YML, "state_id: OH", "state_id: ZZ")(folder)
    with pytest.raises(BadInputsError) as caught:
        read_overlay(folder, known_areas())
    assert [each.value for each in caught.value.faults] == ["ZZ", "oregon", None, "unmanned_vehicles"]


def test_all_faults_of_links_and_concentrators_are_listed_at_once(folder: Path) -> None:
    append(LINKS, '52.0201,11-1021,drop,"Two\nlines"', "24.0101,29-1141,add,x", "51.3801,29-1141,add,x")(folder)
    append(SECONDARY, "robotics,2023-24,1", "construction,2023-25,1")(folder)
    append(REGIONS, "central_ohio,39999,")(folder)
    with pytest.raises(BadInputsError) as caught:
        read_overlay(folder, known_areas())
    assert [(each.file, each.place) for each in caught.value.faults] == [
        (REGIONS, "line 19"),
        (LINKS, "line 6"),
        (LINKS, "line 7"),
        (SECONDARY, "line 5"),
        (SECONDARY, "line 6"),
    ]


def test_a_program_that_is_left_without_an_occupation_is_told(tmp_path: Path, areas: pl.DataFrame) -> None:
    links = "cip_code,soc_code,action,reason\n51.3801,29-1141,drop,a test\n48.0508,51-4121,drop,a test\n"
    overlay = read_overlay(write(tmp_path / "small", program_links=links), areas)
    assert not overlay.changes_groups
    assert remarks(overlay) == ["program_links.csv: 51.3801 is left without an occupation, so its awards are unlinked."]


def test_names_that_nobody_can_tell_apart_are_told(tmp_path: Path, areas: pl.DataFrame) -> None:
    yml = "names: {digital_technology: EDUCATION}\nregions: {central: Ohio}\n"
    said = remarked(tmp_path, areas, yml, regions="region_id,area_id,share_pct\ncentral,C18140,100\n")
    assert (
        "digital_technology, education have one name (education), so that nobody can tell these clusters apart." in said
    )
    assert "OH:central, OH have one name (ohio), so that nobody can tell these areas apart." in said


def test_all_memberships_at_fault_are_listed(folder: Path) -> None:
    append(CSV, "15-9999,add,web_cloud,,", "29-1141,add,nursing,,", "29-1141,add,physical_health,,")(folder)
    with pytest.raises(BadInputsError) as caught:
        read_overlay(folder, known_areas())
    assert [each.place for each in caught.value.faults] == ["line 7", "line 8", "line 9"]


@pytest.mark.parametrize("name", [CSV, REGIONS, YML, LINKS, SECONDARY])
def test_a_folder_in_place_of_a_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(BadInputError, match=f"{name}: this is a folder, not a file"):
        read_overlay(folder, known_areas())


def test_a_reason_may_have_breaks_of_lines(folder: Path) -> None:
    append(CSV, '29-1141,add,web_cloud,,"Asked for;\nsee minutes"', "29-1141,add,nursing,,")(folder)
    with pytest.raises(BadInputError, match="neither the framework nor") as caught:
        read_overlay(folder, known_areas())
    assert caught.value.place == "line 9"


@pytest.mark.parametrize("name", ["membership.csv", "Regions.CSV", "regions.xlsx", "regions.csv.txt", "overlay.yaml"])
def test_a_file_that_only_looks_as_if_it_were_read_is_refused(folder: Path, areas: pl.DataFrame, name: str) -> None:
    (folder / name).write_text("soc_code\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=f"{name}: nothing reads this file"):
        read_overlay(folder, areas)


def test_no_folder_and_no_file_are_refused(tmp_path: Path, areas: pl.DataFrame) -> None:
    with pytest.raises(BadInputError, match="there is no such folder"):
        read_overlay(tmp_path / "nowhere", areas)
    with pytest.raises(BadInputError, match="nowhere: there is no such folder"):
        overlay_policy(tmp_path / "nowhere")
    with pytest.raises(BadInputError, match=r"overlay\.yml: the file is missing"):
        read_overlay(tmp_path, areas)


@pytest.mark.parametrize(
    ("name", "is_id"), [("ohio", True), ("Ohio 2026", False), ("national", False), ("industries_only", False)]
)
def test_the_folders_name_is_the_overlays_id(folder: Path, areas: pl.DataFrame, name: str, is_id: bool) -> None:
    renamed = folder.rename(folder.parent / name)
    if is_id:
        assert read_overlay(renamed, areas).overlay_id == name
    else:
        with pytest.raises(BadInputError, match="overlay_id"):
            read_overlay(renamed, areas)


def test_a_run_looks_an_overlay_over_before_it_begins(folder: Path) -> None:
    look_over(folder)
    append(REGIONS, "central_ohio,39999,")(folder)
    with pytest.raises(BadInputError, match="no county, metro or nonmetro area"):
        look_over(folder)
    # an area that a newer edition may have is left to the run
    append(REGIONS, "central_ohio,C99999,")(folder)
    look_over(folder)


def test_an_own_policy_needs_a_name_of_its_own(folder: Path) -> None:
    found = overlay_policy(folder)
    assert found is not None
    assert (found[0].name, found[1]) == ("ohio_wages", "OH")
    (folder / "ohio_wages.yml").rename(folder / "ohio.yml")
    replace(YML, "default_policy: ohio_wages", "default_policy: ohio")(folder)
    with pytest.raises(
        BadInputError, match=r"overlay\.yml: line \d+: ohio\.yml of this folder has the name of a preset"
    ):
        overlay_policy(folder)
    (folder / "ohio.yml").unlink()
    assert overlay_policy(folder)


# --- states adopt the framework in part ------------------------------------------------------------------------------


def write(folder: Path, **changes: str) -> Path:
    """A small overlay: its yml, with changes, and other files by name."""
    text = changes.pop("yml", "")
    folder.mkdir(exist_ok=True)
    head = "state_id: OH\ntitle: A small one\nsource: A test of ours\nas_of: 2026\n"
    (folder / YML).write_text(head + text, encoding="utf-8")
    for name, content in changes.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def test_a_cluster_that_is_left_out_takes_its_memberships_with_it(tmp_path: Path, areas: pl.DataFrame) -> None:
    overlay = read_overlay(write(tmp_path / "small", yml="left_out: [hospitality_events_tourism]\n"), areas)
    assert "hospitality_events_tourism" not in overlay.nodes["cluster_id"]
    national = framework_memberships()
    gone = set(national["soc_code"]) - set(overlay.memberships["soc_code"])
    only_there = national.group_by("soc_code").agg(pl.col("cluster_id").unique())
    expected = only_there.filter(pl.col("cluster_id") == ["hospitality_events_tourism"])["soc_code"]
    assert gone == set(expected)
    assert "35-2014" in gone  # restaurant cooks
    described = dict(describe(overlay, Settings(data_dir=tmp_path)).facts)
    assert described["In no cluster"].split(", ") == sorted(gone)


def test_names_and_regions_alone_change_no_figure_by_cluster(tmp_path: Path, areas: pl.DataFrame) -> None:
    folder = write(
        tmp_path / "small",
        yml="names: {construction: Building}\nregions: {west: West}\n",
        regions="region_id,area_id,share_pct\nwest,N3900001,40\n",
    )
    overlay = read_overlay(folder, areas)
    assert not overlay.changes_groups
    assert region(overlay, "west") == {"N3900001": (40.0, "by_share", True)}
    assert overlay.memberships.height == framework_memberships().height


def test_a_metro_area_partly_inside_is_left_out_and_said_to_be(tmp_path: Path, areas: pl.DataFrame) -> None:
    folder = write(
        tmp_path / "small",
        yml="regions: {core: Core}\n",
        regions="region_id,area_id,share_pct\ncore,39049,\ncore,39083,\n",
    )
    assert region(read_overlay(folder, areas), "core") == {
        "39049": (100.0, "whole", True),
        "39083": (100.0, "whole", True),
        "C18140": (0.0, "left_out", False),
    }


def test_a_metro_area_across_state_lines_may_be_named_in_each_state(tmp_path: Path, areas: pl.DataFrame) -> None:
    # Huntington-Ashland is listed under West Virginia; Lawrence county is Ohio's part of it
    folder = write(
        tmp_path / "small",
        yml="regions: {south: South}\n",
        regions="region_id,area_id,share_pct\nsouth,39087,\nsouth,C26580,15\n",
    )
    assert region(read_overlay(folder, areas), "south")["C26580"] == (15.0, "by_share", True)


# --- what is without effect ------------------------------------------------------------------------------------------


def remarked(folder: Path, areas: pl.DataFrame, yml: str, **files: str) -> list[str]:
    return remarks(read_overlay(write(folder, yml=yml, **files), areas))


@pytest.mark.parametrize(
    ("state", "rows", "parts"),
    [
        # the land of 02261 is that of the other two, and the city is part of its county since: nothing is lost
        (
            "AK",
            ["02261", "02063", "02066"],
            ["it is 02261 until 2018, then 02063, 02066 by the county reference", "which is the same land."],
        ),
        ("VA", ["51515", "51019"], ["it is 51019, 51515 until 2013, then 51019 by", "which is the same land."]),
        (
            "AK",
            ["02261"],
            [
                "the county reference has 02261 until 2018; years in which QCEW no longer uses that have no figures by"
                " industry."
            ],
        ),
        (
            "AK",
            ["02066", "02020"],
            ["the county reference has 02066 from 2019; years before QCEW uses that have figures without that land."],
        ),
        ("CT", ["09003", "09013"], ["the county reference has 09003, 09013 until 2023; years in which QCEW no longer"]),
        ("VA", ["51019"], ["it is 51019 until 2013, then 51019 by", "which is other land"]),
        ("CO", ["08014", "08001"], ["it is 08001 until 2000, then 08001, 08014 by", "which is other land"]),
        ("SD", ["46102"], ["has 46102 from 2015; years before QCEW uses that have no figures by industry."]),
        ("CO", ["08014"], ["has 08014 from 2001; years before QCEW uses that have no figures by industry."]),
        ("OH", ["39001"], ["no metro or nonmetro area counts in it, so it has no figures by occupation and no report"]),
        ("OH", ["N3900001"], ["the counties of its areas are not known in full, so it has no figures by industry"]),
        ("OH", ["C18140"], []),
    ],
)  # fmt: skip
def test_a_region_that_lacks_figures_is_told(
    tmp_path: Path, areas: pl.DataFrame, state: str, rows: list[str], parts: list[str]
) -> None:
    text = "region_id,area_id,share_pct\n" + "".join(f"west,{area},\n" for area in rows)
    folder = write(tmp_path / "small", yml="regions: {west: West}\n", regions=text)
    replace(YML, "state_id: OH", f"state_id: {state}")(folder)
    overlay = read_overlay(folder, areas)
    found = remarks(overlay)
    assert all(said.startswith(f"{state}:west: ") for said in found)
    assert [part for part in parts if not any(part in said for said in found)] == []
    assert bool(parts) == bool(found)
    shown = [command for command, _ in describe(overlay, Settings(data_dir=tmp_path)).commands]
    has_report = not any("no report" in said for said in found)
    assert shown == [f"lmi report --state {state} --area {state}:west"] * has_report + [
        f"lmi export --state {state} --out FOLDER"
    ]


@pytest.mark.parametrize(
    ("state", "rows", "words"),
    [
        (
            "CT",
            "09003 09110",
            "line 3: 09110 from 2024, 09003 until 2023; / changed: 09001, 09005, 09007, 09009, 09011, 09013, 09015, 09",
        ),
        (
            "AK",
            "02063 02261",
            "line 2: 02063 from 2019, 02261 until 2018 / the rest of the land that changed: 02066 (found '02063')",
        ),
        # of two changes: Wade Hampton ended in 2014, Chugach began in 2019
        ("AK", "02270 02020 02063", "line 4: 02063 from 2019, 02270 until 2014 / that changed: 02066, 02261 (found"),
        # all of one land but one: a single fault
        (
            "CT",
            "09001 09003 09005 09007 09009 09011 09013 09015 09110 09120 09130 09140 09150 09160 09170 09180",
            "line 10: 09110, 09120, 09130, 09140, 09150, 09160, 09170, 09180 from 2024, 09001, 09003, 09005, 09007, "
            "09009, 09011, 09013, 09015 until 2023; / the rest of the land that changed: 09190 (found '09110')",
        ),
        # codes that ended in several years
        ("AK", "02270 02261 02063", "line 4: 02063 from 2019, 02270 until 2014, 02261 until 2018;"),
    ],
)
def test_a_region_whose_counties_never_stood_in_one_year_is_refused(
    tmp_path: Path, areas: pl.DataFrame, state: str, rows: str, words: str
) -> None:
    text = "region_id,area_id,share_pct\n" + "".join(f"west,{area},\n" for area in rows.split())
    folder = write(tmp_path / "small", yml="regions: {west: West}\n", regions=text)
    replace(YML, "state_id: OH", f"state_id: {state}")(folder)
    with pytest.raises(BadInputError) as caught:
        read_overlay(folder, areas)
    place, _, years = words.partition(": ")
    assert (caught.value.file, caught.value.place) == ("regions.csv", place)
    assert [part for part in years.split(" / ") if part not in str(caught.value)] == []


def test_codes_that_follow_one_another_may_stand_beside_whole_land_that_changed_earlier(
    tmp_path: Path, areas: pl.DataFrame
) -> None:
    # Kusilvak is all of Wade Hampton, so the region has that land in every year; Chugach it has since 2019
    text = "region_id,area_id,share_pct\nwest,02270,\nwest,02158,\nwest,02063,\n"
    folder = write(tmp_path / "small", yml="regions: {west: West}\n", regions=text)
    replace(YML, "state_id: OH", "state_id: AK")(folder)
    members = read_overlay(folder, areas).regions.members.filter(area_type="county")
    assert members["area_id"].to_list() == ["02063", "02158", "02270"]


def test_a_share_that_may_be_meant_as_a_part_of_one_is_told(tmp_path: Path, areas: pl.DataFrame) -> None:
    rows = "region_id,area_id,share_pct\nwest,N3900001,0.5\nwest,N3900002,1\nwest,C18140,50\n"
    assert remarked(tmp_path / "small", areas, "regions: {west: West}\n", regions=rows) == [
        "regions.csv: N3900001 counts by 0.5 percent of its jobs in west; write 50 if 50 percent is meant.",
        "regions.csv: N3900002 counts by 1 percent of its jobs in west; write 100 if 100 percent is meant.",
        "OH:west: the counties of its areas are not known in full, so it has no figures by industry.",
    ]


def test_a_test_of_the_own_policy_that_everybody_meets_is_told(folder: Path, areas: pl.DataFrame) -> None:
    rule = (folder / "ohio_wages.yml").read_text(encoding="utf-8")
    skill = "skill: {min_education: No formal educational credential}"
    (folder / "ohio_wages.yml").write_text(rule.replace("skill: null", skill), encoding="utf-8")
    (said,) = remarks(read_overlay(folder, areas))
    assert said.startswith("ohio_wages.yml: high-skill: typical entry education of at least No formal educational")


BARNS = (
    "clusters: [{cluster_id: barns, cluster_name: Barns}]\n"
    "sub_clusters: [{sub_cluster_id: sheds, sub_cluster_name: Sheds, cluster_id: barns}]\n"
)


@pytest.mark.parametrize("own", ["", BARNS])
def test_an_overlay_that_leaves_nothing_is_told(tmp_path: Path, areas: pl.DataFrame, own: str) -> None:
    yml = f"left_out: [{', '.join(framework_nodes()[0]['cluster_id'])}]\n{own}"
    overlay = read_overlay(write(tmp_path / "small", yml=yml), areas)
    assert remarks(overlay) == [
        "no occupation is in any cluster of the overlay, so its basis has no figures and no report."
    ]
    assert describe(overlay, Settings(data_dir=tmp_path)).commands == []


def test_lists_that_do_nothing_are_told(tmp_path: Path, areas: pl.DataFrame) -> None:
    folder = tmp_path / "small"
    assert remarked(folder, areas, "") == [
        "the overlay changes nothing: it has no names, clusters, memberships, regions, programs or policy."
    ]
    assert remarked(folder, areas, "names: {construction: Construction, arts_entertainment_design: Arts}\n") == [
        "names: construction has the framework's own name.",
        "names: without other clusters or memberships the overlay has no basis, so its names show nowhere.",
    ]
    assert remarked(folder, areas, "left_out: [digital_technology, web_cloud]\n") == [
        "left_out: web_cloud goes with its cluster already."
    ]
    own = "sub_clusters: [{sub_cluster_id: barns, sub_cluster_name: Barns, cluster_id: construction}]\n"
    keep = "soc_code,change,sub_cluster_id,weight,reason\n29-1141,keep,physical_health,1,\n"
    assert remarked(folder, areas, own, memberships=keep) == [
        "no occupation is in barns, so it has no figures.",
        "memberships.csv: 29-1141 is in one sub-cluster only, so that keeping it there changes nothing.",
    ]


# --- what a run takes from it ----------------------------------------------------------------------------------------


def test_without_an_overlay_all_its_tables_are_empty(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, overlay_dir=None)
    assert [staged.rows for staged in stage_overlay(settings, "inputs").values()] == [0] * len(OVERLAY_TABLES)
    assert overlay_lines(settings) == []
    assert described_overlay(settings) is None


def test_a_run_stages_and_describes_its_overlay(tmp_path: Path, folder: Path, areas: pl.DataFrame) -> None:
    settings = Settings(data_dir=tmp_path / "data", overlay_dir=folder)
    for name, frame in zip(COMPARED, (areas, bundled_pairs()), strict=True):
        path = parquet_path(settings.staging, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path)
    staged = stage_overlay(settings, "inputs")
    assert {table: kept.rows for table, kept in staged.items()} == {
        table: frame.height for table, frame in overlay_tables(read_overlay(folder, areas)).items()
    }
    assert staged[OVERLAY].rows == 1
    assert [line.split()[0] for line in overlay_lines(settings)] == [
        CSV,
        "ohio_wages.yml",
        YML,
        LINKS,
        REGIONS,
        SECONDARY,
    ]
    described = described_overlay(settings)
    assert described is not None
    assert (described["overlay_id"], described["state_id"], described["as_of"]) == ("ohio_pathways", "OH", 2026)
    assert described["files"].keys() == {CSV, "ohio_wages.yml", YML, REGIONS, LINKS, SECONDARY}
    before = overlay_lines(settings)
    append(REGIONS, "central_ohio,39101,")(folder)
    assert overlay_lines(settings) != before
    with pytest.raises(GateError, match="changed during the run"):
        described_overlay(settings)
