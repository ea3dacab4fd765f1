"""Groups of occupations and the share of each occupation that they take: clusters, sub-clusters, major groups."""

from dataclasses import dataclass

import numpy as np

from pipelines.estimation.arrays import Floats, Ints, sum_by


@dataclass(frozen=True)
class Members:
    """M memberships: group `group[m]` of `groups` takes the share `weight[m]` of occupation `occupation[m]`'s jobs."""

    occupation: Ints
    group: Ints
    weight: Floats
    groups: int

    def sum(self, cells: Floats, power: int = 1) -> Floats:
        """(A, D) to (A, groups): the sum of weight^power * cell over each group's members, in the members' order."""
        rows = cells.shape[0]
        index = np.arange(rows)[:, None] * self.groups + self.group
        weighted = cells[:, self.occupation] * self.weight**power
        return sum_by(index, weighted, rows * self.groups).reshape(rows, self.groups)
