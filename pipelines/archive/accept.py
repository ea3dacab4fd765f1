"""The last test of a source's files before the archive takes them: they are parsed, together."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from pipelines.archive.crosswalks import listing_disagreements, memberships
from pipelines.archive.parsed import parse_and_keep
from pipelines.archive.raw import RAW_SOURCES
from pipelines.archive.sources import Vintage, declared_sources
from pipelines.archive.store import Archive
from pipelines.publishers.onet import parse_cluster_list


def _career_clusters(paths: Mapping[str, Path]) -> None:
    soc_workbook, naics_workbook = (paths[name] for name in declared_sources()["career_clusters"].file_names)
    memberships(soc_workbook)
    listing_disagreements(naics_workbook)


def _onet_clusters(paths: Mapping[str, Path]) -> None:
    (path,) = paths.values()
    parse_cluster_list(path)


#: Sources that make no raw tables: their files must be readable all the same.
_READERS: dict[str, Callable[[Mapping[str, Path]], None]] = {
    "career_clusters": _career_clusters,
    "onet_clusters": _onet_clusters,
}


def accept(source: str, paths: Mapping[str, Path], as_of: datetime, archive: Archive) -> Vintage:
    """Parse the files of a source and name their vintage; `as_of` names it where the files do not.

    What they make is kept in the archive for the run that publishes it. Raises BadInputError that names source, file,
    place and value, and ContractError for figures that no table may have.
    """
    if source in RAW_SOURCES:
        return parse_and_keep(archive, source, paths)
    _READERS[source](paths)
    month = f"{as_of:%Y-%m}"
    return declared_sources()[source].vintage_of(month, f"{as_of:%B %Y}")
