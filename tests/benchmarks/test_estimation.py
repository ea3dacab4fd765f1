"""The estimates against the plainest NumPy form of the same method: the same figures, and how much faster."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipelines.estimation.scale import wage_scale
from pipelines.estimation.wages import WageCells, before_raking, distributions
from pipelines.estimation.withheld import estimate, kinship
from tests.benchmarks import plain_estimation as plain
from tests.benchmarks.children import measure
from tests.benchmarks.made_oews import make


@pytest.mark.benchmark
def test_estimates_against_loops() -> None:
    made = make(states=4, areas=6, occupations=240, groups=12)
    began = time.process_time()
    alike = plain.kinship(made.staffing)
    jobs = plain.jobs_of(made, alike)
    by_loops = time.process_time() - began
    began = time.process_time()
    ours = estimate(made.cells, kinship(made.staffing))
    vectorised = time.process_time() - began
    print(f"\nwithheld cells: loops {by_loops:.2f} s, vectorised {vectorised:.3f} s, ratio {by_loops / vectorised:.0f}")
    np.testing.assert_allclose(ours.employment, jobs, rtol=2e-4, atol=0.01)
    assert by_loops >= 2 * vectorised

    scale = wage_scale(made.knots, np.full(made.truth.shape, np.inf))
    on_scale = (scale.to(wages) for wages in (made.knots, made.group_knots, made.total_knots))
    scaled = replace(made, **dict(zip(("knots", "group_knots", "total_knots"), on_scale, strict=True)))
    began = time.process_time()
    points = plain.distributions(scaled, ours.employment)
    by_loops = time.process_time() - began
    cells = WageCells(
        ours.employment,
        made.knots,
        np.full(made.truth.shape, np.inf),
        ours.group_total,
        made.group_knots,
        made.total_knots,
        made.cells.parent,
        made.tier,
        made.cells.group,
    )
    began = time.process_time()
    found = distributions(before_raking(cells))
    vectorised = time.process_time() - began
    print(
        f"wage distributions: loops {by_loops:.2f} s, vectorised {vectorised:.3f} s, ratio {by_loops / vectorised:.0f}"
    )
    assert (~np.isnan(points[..., 0])).sum() == len(found.points)
    np.testing.assert_allclose(found.points, points[found.area, found.occupation], atol=2e-5)
    assert by_loops >= 2 * vectorised


@pytest.mark.benchmark
def test_errors_on_figures_that_the_estimates_do_not_see(tmp_path: Path) -> None:
    """Prints them for seeds that nothing was fitted on; the checks of a release hold the bounds."""
    data = tmp_path / "data"
    run, accuracy = measure(
        ["-m", "pipelines.cli", "run", "--force", "--data-dir", str(data)],
        ["-m", "tests.benchmarks.estimation_accuracy", str(data / "staging"), "101", "102", "103"],
    )
    assert run.code == 0, run.output
    print(f"\n{accuracy.output}")
    assert accuracy.code == 0
