"""The ids of names of the National Career Clusters Framework, in any published spelling."""

import re
from dataclasses import dataclass
from functools import cache

from pipelines.contracts.enforce import read_csv
from pipelines.contracts.model import contracts
from pipelines.errors import BadInputError
from pipelines.paths import REFERENCE
from pipelines.tables import TableName

#: For each kind of name, the table of the framework and its columns of ids and names.
_KINDS = {
    "grouping": ("cluster_grouping", "grouping_id", "grouping_name"),
    "cluster": ("cluster", "cluster_id", "cluster_name"),
    "sub_cluster": ("sub_cluster", "sub_cluster_id", "sub_cluster_name"),
    "legacy_cluster": ("legacy_cluster", "legacy_cluster_id", "legacy_cluster_name"),
}


def _folded(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().casefold()


@dataclass(frozen=True)
class Names:
    """All known spellings of one kind of name, in lower case and without extra white space, with their ids."""

    kind: str
    ids: dict[str, str]

    def knows(self, name: str) -> bool:
        """Whether this is a published spelling of such a name."""
        return _folded(name) in self.ids

    def resolve(self, name: str, *, source: str, file: str, place: str = "") -> str:
        """The id of a published spelling; letter case and white space do not count. Raises BadInputError for others."""
        found = self.ids.get(_folded(name))
        if found is None:
            problem = f"no {self.kind} has this name; if it is a new spelling, add it to reference/framework/alias.csv"
            raise BadInputError(source=source, file=file, place=place, problem=problem, value=name)
        return found


@cache
def names(kind: str) -> Names:
    """The names and aliases of a kind: grouping, cluster, sub_cluster or legacy_cluster."""
    table, id_column, name_column = _KINDS[kind]
    known = read_csv(contracts()[TableName("reference", table)], REFERENCE)
    ids = {_folded(name): identity for identity, name in known.select(id_column, name_column).iter_rows()}
    aliases = read_csv(contracts()[TableName("reference", "alias")], REFERENCE)
    for row in aliases.iter_rows(named=True):
        if row["kind"] != kind:
            continue
        if row["target_id"] not in ids.values():
            problem = f"{kind} {row['target_id']} does not exist"
            raise BadInputError(source="framework", file="alias.csv", problem=problem, value=row["alias"])
        if ids.setdefault(_folded(row["alias"]), row["target_id"]) != row["target_id"]:
            raise BadInputError(source="framework", file="alias.csv", problem="an alias of two ids", value=row["alias"])
    return Names(kind, ids)
