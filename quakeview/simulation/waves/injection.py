"""What the sources of a wavefield add to its stresses at each step."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from quakeview.errors import QuakeViewError
from quakeview.simulation.sources.moment_sources import MomentSources
from quakeview.simulation.waves.plan import Plan
from quakeview.simulation.waves.points import STRESS_SHIFTS, locate


@dataclass(frozen=True)
class Injection:
    """Moment rate taken from the stresses, spread over the nodes around each source (Graves 1996, eq. 13).

    At a step, ``weights[i] @ rates[step]`` is added to stress i at ``nodes[i]``.

    Attributes:
        nodes: of each stress: (m,) positions in the flattened array with ghost nodes, each once.
        weights: of each stress: (m, sources) sparse, Pa s.
        rates: (n_steps, sources), moment rate per unit moment, 1/s.
    """

    nodes: tuple[NDArray[np.intp], ...]
    weights: tuple[csr_array, ...]
    rates: NDArray[np.float64]


def half_steps(plan: Plan) -> NDArray[np.float64]:
    """When velocity is known and sources act, (n_steps,), s after the origin time."""
    return plan.start + plan.time_step * np.arange(0.5, plan.n_steps, dtype=np.float64)


def inject(sources: MomentSources, plan: Plan) -> Injection:
    """The injection of some sources.

    Raises:
        QuakeViewError: for sources outside the region, or that begin before the plan does.
    """
    if sources.start < plan.start - plan.time_step:
        raise QuakeViewError(
            f"The source begins {-sources.start:.2f} s before the origin time; start the simulation no later."
        )
    known = sources.start + np.arange(sources.rates.shape[1]) * sources.step
    rates = np.stack([np.interp(half_steps(plan), known, rate, 0, 0) for rate in sources.rates], axis=1)
    scaled = -plan.time_step / plan.grid.spacing**3 * sources.moments
    nodes, weights = zip(*(_spread(sources, plan, i, scaled[:, i]) for i in range(len(STRESS_SHIFTS))), strict=True)
    return Injection(nodes, weights, rates)


def _spread(
    sources: MomentSources, plan: Plan, component: int, amounts: NDArray[np.float64]
) -> tuple[NDArray[np.intp], csr_array]:
    """Nodes and weights of one stress; nodes that get nothing are left out."""
    points = locate(sources.positions, plan.grid, STRESS_SHIFTS[component])
    weights = csr_array(points.weights.multiply(amounts))
    weights.eliminate_zeros()
    used = np.diff(weights.indptr) > 0
    return points.nodes[used], weights[used]
