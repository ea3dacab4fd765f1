"""The last test of a source's files before the archive takes them: they are parsed, together."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from pipelines.archive.store import Archive
from pipelines.intake.crosswalks import listing_disagreements, memberships
from pipelines.intake.parsed import parse_and_keep
from pipelines.intake.raw import RAW_SOURCES
from pipelines.publishers.nces import completions_year, parse_cip_soc, parse_completions
from pipelines.publishers.onet import parse_cluster_list
from pipelines.sources import Vintage, declared_sources


def _of_month(source: str, as_of: datetime) -> Vintage:
    """The vintage of files that name none."""
    return declared_sources()[source].vintage_of(f"{as_of:%Y-%m}", f"{as_of:%B %Y}")


def _career_clusters(paths: Mapping[str, Path], as_of: datetime) -> Vintage:
    soc_workbook, naics_workbook = (paths[name] for name in declared_sources()["career_clusters"].file_names)
    memberships(soc_workbook)
    listing_disagreements(naics_workbook)
    return _of_month("career_clusters", as_of)


def _onet_clusters(paths: Mapping[str, Path], as_of: datetime) -> Vintage:
    (path,) = paths.values()
    parse_cluster_list(path)
    return _of_month("onet_clusters", as_of)


def _cip_soc(paths: Mapping[str, Path], _: datetime) -> Vintage:
    (path,) = paths.values()
    parse_cip_soc(path)
    return declared_sources()["cip_soc"].vintages[0]


def _ipeds(paths: Mapping[str, Path], _: datetime) -> Vintage:
    for path in paths.values():
        parse_completions(path)
    newest = max(map(completions_year, paths.values()))
    return declared_sources()["ipeds"].vintage_of(str(newest), f"completions of {newest - 1}-{newest % 100:02d}")


#: Sources that make no raw tables: their files must be readable all the same.
_READERS: dict[str, Callable[[Mapping[str, Path], datetime], Vintage]] = {
    "career_clusters": _career_clusters,
    "onet_clusters": _onet_clusters,
    "cip_soc": _cip_soc,
    "ipeds": _ipeds,
}


def accept(source: str, paths: Mapping[str, Path], as_of: datetime, archive: Archive) -> Vintage:
    """Parse the files of a source and name their vintage; `as_of` names it where the files do not.

    What they make is kept in the archive for the run that publishes it. Raises BadInputError that names source, file,
    place and value, and ContractError for figures that no table may have.
    """
    if source in RAW_SOURCES:
        return parse_and_keep(archive, source, paths)
    return _READERS[source](paths, as_of)
