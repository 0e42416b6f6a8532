"""Simulated waves against closed forms and another code: small versions of ``python -m tests.benchmarks``."""

import numpy as np

from quakeview.simulation.earth.homogeneous import HomogeneousEarth
from tests.benchmarks.simulation_accuracy import (
    AROUND,
    ROCK,
    Experiment,
    before_surface,
    boundaries,
    full_space,
    layer_over_half_space,
    relative,
)
from tests.shared import SHARED, needs_shared

DEPTH = 11_000.0
"""Of the sources: the surface is heard after everything else."""


def test_full_space() -> None:
    """Near, intermediate and far field, with absorbing layers 3.6 km from the source."""
    assert full_space(3600.0, DEPTH) < 0.5


def test_source_between_the_nodes() -> None:
    assert full_space(3600.0, DEPTH, shift=0.4) < 0.5


def test_constant_q() -> None:
    """Absorbing layers whose stress does not relax like the rest would reflect 3 % here."""
    rock = HomogeneousEarth(ROCK.vp, ROCK.vs, ROCK.density, 100.0, 50.0)
    experiment = Experiment(rock, (3600.0,) * 5, DEPTH, AROUND, before_surface(DEPTH), attenuation=True)
    traces = experiment.simulate()
    error = relative(traces.velocity, experiment.closed_form(traces.times, rock))
    assert error < 1.5
    for other in (25.0, 200.0):
        wrong = HomogeneousEarth(ROCK.vp, ROCK.vs, ROCK.density, 2 * other, other)
        assert relative(traces.velocity, experiment.closed_form(traces.times, wrong)) > 1.5 * error


def test_absorbing_layers() -> None:
    """Surface waves, grazing waves and all: the same as in a larger box."""
    assert boundaries(3600.0, 1500.0, spacing=300.0) < 1.0


@needs_shared
def test_layer_over_half_space() -> None:
    """LOH.1 against SW4, where only the coarser grid asks for a little more than the benchmark's targets."""
    figures = list(layer_over_half_space(SHARED / "reference", spacing=250.0))
    measured = np.array([figure.measured for figure in figures[:3]])
    assert (measured < [9.0, 6.0, 15.0]).all(), measured
