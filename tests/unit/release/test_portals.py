"""What a release says of itself to portals is valid by each standard's own reader, and says what its contracts say.

The JSON Schema of DCAT-US 1.1 is in no package that can be installed beside ours, that of 3.0 in none: what they
require is written here from their documentation.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

import frictionless
import jsonschema
import pytest
import yaml

from pipelines.contracts.model import Table, described_tables, published_tables
from pipelines.paths import PROJECT
from pipelines.release import catalogue as pages
from pipelines.release.manifest import Manifest, ReleasedSource, ReleasedTable
from pipelines.release.portals.about import About, about, citation, public_address
from pipelines.release.portals.schema_org import for_page, schema_org
from pipelines.release.portals.write import portal_files
from pipelines.reports.site.downloads import Download
from pipelines.reports.site.portals import DESCRIBED, described
from pipelines.settings import Settings
from pipelines.sources import declared_sources
from pipelines.tables import TableName
from tests.fixtures.croissant import mlcroissant

RELEASE = "20261101T060000Z-aaaaaaaa"
HERE = Settings(publisher="Example Department of Labor", publisher_email=None, public_url=None)
ON_THE_WEB = Settings(
    publisher="Example Department of Labor",
    publisher_email="lmi@labor.example.gov",
    public_url="https://lmi.example.gov/releases",
)
FOLDER = f"https://lmi.example.gov/releases/{RELEASE}/"
EVIL = "</script><script>alert(1)</script>"

_TEXT = {"type": "string", "minLength": 1}
_ADDRESS = {"type": "string", "pattern": "^https://"}
_MAILTO = {"type": "string", "pattern": r"^mailto:[^@\s]+@[\w-]+(\.[\w-]+)+$"}
_DAY = {"type": "string", "format": "date"}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties}


#: https://resources.data.gov/resources/dcat-us/: the fields that are required of all publishers.
DCAT_US_1 = _object(
    "conformsTo dataset",
    conformsTo={"const": "https://project-open-data.cio.gov/v1.1/schema"},
    dataset={
        "type": "array",
        "minItems": 1,
        "items": _object(
            "title description keyword modified publisher contactPoint identifier accessLevel",
            title=_TEXT,
            description=_TEXT,
            keyword={"type": "array", "minItems": 1, "items": _TEXT},
            modified=_DAY,
            publisher=_object("name", name=_TEXT),
            contactPoint=_object("fn", fn=_TEXT, hasEmail=_MAILTO),
            identifier=_TEXT,
            accessLevel={"enum": ["public", "restricted public", "non-public"]},
            license=_ADDRESS,
            landingPage=_ADDRESS,
            distribution={
                "type": "array",
                "items": {
                    **_object("", downloadURL=_ADDRESS, mediaType={"type": "string", "pattern": r"^[-\w]+/[-\w.+]+$"}),
                    "dependentRequired": {"downloadURL": ["mediaType"]},
                },
            },
        ),
    },
)
#: https://github.com/GSA/dcat-us, jsonschema: what is mandatory of catalogue, dataset, contact, publisher, checksum.
_DATASET_3 = _object(
    "title description identifier publisher contactPoint",
    title=_TEXT,
    description=_TEXT,
    identifier=_TEXT,
    publisher=_object("name", name=_TEXT),
    contactPoint=_object("fn hasEmail", fn=_TEXT, hasEmail=_MAILTO),
    modified=_DAY,
    language={"type": "string", "maxLength": 2},
    rights={"type": "array", "items": _TEXT},
    landingPage=_object("title", title=_TEXT),
    hasPart={"type": "array", "items": {"$ref": "#/$defs/dataset"}},
    distribution={
        "type": "array",
        "items": _object(
            "",
            byteSize={"type": "string", "pattern": "^[0-9]+$"},
            downloadURL=_ADDRESS,
            checksum=_object("algorithm checksumValue", algorithm=_TEXT, checksumValue={"pattern": "^[0-9a-f]{64}$"}),
        ),
    },
)
DCAT_US_3 = {
    **_object(
        "dataset",
        dataset={"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/dataset"}},
        conformsTo={"type": "object"},
        language={"type": "string", "maxLength": 2},
    ),
    "$defs": {"dataset": _DATASET_3},
}


def _faults(schema: dict[str, Any], said: object) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(said)]


def _manifest(settings: Settings) -> Manifest:
    source = ReleasedSource(
        publisher="A bureau", title="A list", url="https://example.org", vintage="May 2025", reference_period="2025-05",
        released_on=None, sha256="c" * 64, status="ok", licence="public domain", attribution="A bureau, its list",
    )  # fmt: skip
    return Manifest(
        release_id=RELEASE, published_at=datetime(2026, 11, 1, 6, tzinfo=UTC), previous_release_id=None,
        input_sha256="a" * 64, project_version="0.1.0", duckdb_version="1.4.0", database_sha256="d" * 64,
        database_bytes=4321, tables={"marts.jobs": ReleasedTable(rows=1, sha256="e" * 64)}, sources={"oews": source},
        checks=2, checks_passed=2, warnings=(),
        citation=citation(settings.publisher, RELEASE, 2026, public_address(settings, RELEASE)),
    )  # fmt: skip


@pytest.fixture(params=[HERE, ON_THE_WEB], ids=["here", "on the web"])
def release(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> About:
    """A release of a few tables, among them a reference to one that is there."""
    names = (
        "marts.shift_share",
        "reference.area",
        "reference.source_vintage",
        "quality.release",
    )
    few: list[Table] = [published_tables()[TableName.parse(name)] for name in names]
    monkeypatch.setattr("pipelines.release.portals.about.tables_by_schema", lambda: [("", few)])
    return about(_manifest(request.param), request.param)


@pytest.fixture
def said(release: About) -> dict[str, Any]:
    return {name: json.loads(text) for name, text in portal_files(release).items()}


def test_a_catalogue_of_portals_has_what_dcat_us_requires(release: About, said: dict[str, Any]) -> None:
    first, third = said["data.json"], said["dcat-us-3.json"]
    assert _faults(DCAT_US_1, first) == []
    assert _faults(DCAT_US_3, third) == []
    (whole,) = third["dataset"]
    identifiers = ["career-cluster-lmi", "career-cluster-lmi/marts.shift_share"]
    assert [each["identifier"] for each in first["dataset"]] == identifiers
    assert [each["identifier"] for each in (whole, *whole["hasPart"])] == identifiers
    assert first["dataset"][1]["isPartOf"] == identifiers[0]
    assert whole["distribution"][0]["checksum"]["checksumValue"] == "d" * 64
    assert (whole["version"], whole["modified"]) == (RELEASE, "2026-11-01")
    assert whole["rights"] == list(release.attributions)

    links = [first["dataset"][0]["distribution"][0].get("downloadURL"), whole["distribution"][0].get("downloadURL")]
    assert links == ([None] * 2 if release.address is None else [f"{FOLDER}lmi.duckdb"] * 2)
    email = first["dataset"][0]["contactPoint"].get("hasEmail")
    assert email == (None if release.email is None else "mailto:lmi@labor.example.gov")


@pytest.mark.parametrize("lacks", ["title", "publisher", "contactPoint", "identifier", "description"])
def test_a_catalogue_that_lacks_what_is_required_is_found(said: dict[str, Any], lacks: str) -> None:
    for schema, file in ((DCAT_US_1, "data.json"), (DCAT_US_3, "dcat-us-3.json")):
        del said[file]["dataset"][0][lacks]
        assert _faults(schema, said[file]) == [f"$.dataset[0]: '{lacks}' is a required property"]


def test_croissant_is_read_with_every_column_and_its_type(release: About, said: dict[str, Any]) -> None:
    read = mlcroissant.Dataset(jsonld=said["croissant.json"]).metadata
    assert (read.ctx.issues.errors, read.ctx.issues.warnings) == (set(), set())
    assert read.ctx.is_v1_1()
    found = {each.id: {field.id.partition("/")[2]: field for field in each.fields} for each in read.record_sets}
    assert {name: tuple(fields) for name, fields in found.items()} == {
        str(table.table): table.column_names for table in release.tables
    }

    def kind(table: str, column: str) -> str:
        return str(found[table][column].data_types[0]).rpartition("/")[2]

    assert kind("marts.shift_share", "area_id") == "Text"
    assert kind("reference.source_vintage", "rows") == "Integer"
    assert kind("reference.source_vintage", "released_on") == "Date"
    assert kind("quality.release", "published_at") == "DateTime"
    assert read.version == f"0.1.0+{RELEASE}"
    assert read.cite_as == release.manifest.citation
    assert read.distribution[0].sha256 == "d" * 64
    assert read.distribution[0].content_url == release.where("lmi.duckdb")


def test_the_data_package_is_valid_and_has_the_contracts(release: About, said: dict[str, Any]) -> None:
    package = said["datapackage.json"]
    assert frictionless.Package.validate_descriptor(package).flatten(["message"]) == []
    assert not frictionless.Package.validate_descriptor({**package, "resources": [{"name": "x"}]}).valid
    read = frictionless.Package.from_descriptor(package)
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert [each.name for each in read.resources] == [str(table.table) for table in release.tables]
    for resource, table in zip(read.resources, release.tables, strict=True):
        assert tuple(resource.schema.field_names) == table.column_names
        assert tuple(resource.schema.primary_key) == table.primary_key
        assert (resource.path, resource.bytes, resource.hash) == ("lmi.duckdb", 4321, "sha256:" + "d" * 64)
        for field, column in zip(resource.schema.fields, table.columns, strict=True):
            assert field.required is not column.nullable
            assert field.constraints.get("enum") == (list(column.values) if column.values else None)
    areas = next(each for each in package["resources"] if each["name"] == "marts.shift_share")["schema"]["foreignKeys"]
    assert {"fields": ["area_id"], "reference": {"resource": "reference.area", "fields": ["area_id"]}} in areas


def test_search_engines_find_the_release_in_the_page_of_the_catalogue(release: About) -> None:
    evil = release.manifest.sources["oews"].model_copy(update={"title": EVIL})
    described = About(
        manifest=release.manifest.model_copy(update={"sources": {"oews": evil}}), tables=release.tables,
        publisher=release.publisher, email=release.email, address=release.address,
    )  # fmt: skip
    page = pages.catalogue(linked_data=for_page(schema_org(described)))
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    found = json.loads(block)
    assert found == schema_org(described)
    assert found["isBasedOn"][0]["name"] == f"A bureau: {EVIL}"
    assert EVIL not in page
    assert (found["@context"], found["@type"]) == ("https://schema.org/", "Dataset")
    assert 50 <= len(found["description"]) <= 5000
    assert found["distribution"][0]["contentUrl"] == release.where("lmi.duckdb")
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_every_published_table_is_described() -> None:
    said = {name: json.loads(text) for name, text in portal_files(about(_manifest(HERE), HERE)).items()}
    every = {str(name): table.column_names for name, table in described_tables().items()}
    package = said["datapackage.json"]["resources"]
    assert {each["name"]: tuple(field["name"] for field in each["schema"]["fields"]) for each in package} == every
    records = said["croissant.json"]["recordSet"]
    assert {each["name"]: tuple(field["name"] for field in each["field"]) for each in records} == every
    listed = {each["identifier"].partition("/")[2] for each in said["data.json"]["dataset"]}
    assert listed == {"", *(name for name in every if name.startswith("marts."))}


def test_a_page_without_a_release_describes_none() -> None:
    assert "ld+json" not in pages.catalogue()


def test_every_source_is_attributed(release: About) -> None:
    assert "A bureau, its list" in release.attributions
    asked = {source.attribution for source in declared_sources().values()}
    assert asked <= set(release.attributions)
    assert len([each for each in release.attributions if "CC BY 4.0" in each]) >= 3  # O*NET, its list, the Scorecard


def test_a_citation_names_the_release_and_where_it_lies() -> None:
    title = "Career Cluster LMI: labor market indicators by Career Cluster"
    cited = f"Example Department of Labor (2026). {title}. Release {RELEASE} [data set]. CC-BY-4.0."
    assert _manifest(HERE).citation == cited
    assert _manifest(ON_THE_WEB).citation == f"{cited} {FOLDER}"


def test_the_project_says_how_it_is_cited() -> None:
    cited = yaml.safe_load((PROJECT / "CITATION.cff").read_text(encoding="utf-8"))
    project = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "license", "version"} <= set(cited)
    assert f'version = "{cited["version"]}"' in project
    assert cited["authors"] == [{"name": "Career Cluster LMI contributors"}]


FILES = (
    Download("release/lmi.duckdb", "All tables", 4321, "d" * 64),
    Download("downloads/lmi_OH.xlsx", "Ohio: Excel", 99, "e" * 64),
    Download("downloads/lmi_OH_csv.zip", "Ohio: CSV", 98, "f" * 64),
)


@pytest.mark.parametrize("address", [None, "https://lmi.example.gov/clusters/"])
def test_a_site_describes_all_that_it_has_to_download(said: dict[str, Any], address: str | None) -> None:
    site = {name: json.loads(described(said[name], name, FILES, address)) for name in DESCRIBED}
    first, third = site["data.json"], site["dcat-us-3.json"]
    assert [*_faults(DCAT_US_1, first), *_faults(DCAT_US_3, third)] == []
    for whole in (first["dataset"][0], third["dataset"][0]):
        assert [each["title"] for each in whole["distribution"]] == ["All tables", "Ohio: Excel", "Ohio: CSV"]
        addresses = [each.get("downloadURL") for each in whole["distribution"]]
        assert addresses == [address and address + file.file for file in FILES]
    assert [each["checksum"]["checksumValue"] for each in third["dataset"][0]["distribution"]] == [
        file.sha256 for file in FILES
    ]
    # a table is in the database, not in the files of a state
    assert {len(part["distribution"]) for part in (*first["dataset"][1:], *third["dataset"][0]["hasPart"])} == {1}
    package = site["datapackage.json"]
    assert frictionless.Package.validate_descriptor(package).flatten(["message"]) == []
    assert {each["path"] for each in package["resources"]} == {file.file for file in FILES}
    read = mlcroissant.Dataset(jsonld=site["croissant.json"]).metadata
    assert read.ctx.issues.errors == set()
    places = {each.sha256: each.content_url for each in read.distribution if each.sha256}
    assert places == {file.sha256: (address or "") + file.file for file in FILES}
