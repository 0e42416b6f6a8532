"""What a catalogue is like, all at once: the numbers for a table, and what to beware of in sentences."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.catalogue import Catalogue
from quakeview.seismicity.statistics import cautions
from quakeview.seismicity.statistics.b_values import BValue, b_positive, b_value
from quakeview.seismicity.statistics.completeness import (
    Completeness,
    CompletenessOverTime,
    completeness,
    completeness_over_time,
)
from quakeview.seismicity.statistics.declustering import Declustering, decluster
from quakeview.seismicity.statistics.magnitudes import (
    FrequencyMagnitude,
    Rounding,
    frequency_magnitude,
    magnitude_text,
    rounding,
)
from quakeview.seismicity.statistics.methods import Method
from quakeview.texts import date

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Summary:
    """The statistics of a catalogue.

    Attributes:
        all: all its earthquakes.
        catalogue: those that are looked at; all but clusters is of these.
        rounding: of its magnitudes.
        counts: earthquakes of each magnitude.
        completeness: from where it is complete, by each method.
        least: magnitude that b and clusters were found with, the one chosen or that of ``completeness``.
        b: None where there are too few earthquakes.
        positive: b-positive; None where there are too few.
        over_time: completeness over time; None where there are too few.
        declustering: of all earthquakes.
        mainshocks: (k,) which of those that are looked at are mainshocks.
        cautions: what to beware of, in sentences.
    """

    all: Catalogue
    catalogue: Catalogue
    rounding: Rounding
    counts: FrequencyMagnitude
    completeness: Completeness
    least: float
    b: BValue | None
    positive: BValue | None
    over_time: CompletenessOverTime | None
    declustering: Declustering
    mainshocks: NDArray[np.bool_]
    cautions: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Names and values for a table."""
        return list(_rows(self))


def summarise(
    catalogue: Catalogue,
    least: float | None = None,
    method: Method = Method.GARDNER_KNOPOFF,
    progress: Progress = Progress(),
    chosen: NDArray[np.bool_] | None = None,
) -> Summary:
    """Compute the statistics of a catalogue.

    Args:
        catalogue: with magnitudes.
        least: the magnitude from which it is used; None: from where it is complete.
        method: of declustering.
        progress: is told of.
        chosen: (n,) earthquakes that are looked at; None: all. Clusters are always those of all.

    Raises:
        QuakeViewError: if there are too few magnitudes to say anything.
    """
    progress.advance(0, 4, "Completeness")
    everything = catalogue
    catalogue = everything if chosen is None else everything.where(chosen)
    rounds = rounding(catalogue.magnitude)
    complete = completeness(catalogue, rounds.step)
    from_magnitude = complete.magnitude if least is None else least
    over_time = _or_none(lambda: completeness_over_time(catalogue, rounds.step))
    progress.advance(1, 4, "b-value")
    b = _or_none(lambda: b_value(catalogue.magnitude, from_magnitude, rounds.step))
    positive = _or_none(lambda: b_positive(catalogue, rounds.step))
    progress.advance(2, 4, "Clusters")
    clusters = decluster(everything, method, from_magnitude, 1.0 if b is None else b.b)
    progress.advance(3, 4, "What to beware of")
    counts = frequency_magnitude(catalogue.magnitude, rounds.step)
    beware = (
        cautions.of_use(complete, from_magnitude),
        cautions.of_thinning(everything, max(from_magnitude, complete.magnitude)),
        cautions.of_times(over_time, from_magnitude),
        cautions.of_completeness(complete),
        cautions.of_b(b, from_magnitude),
        cautions.of_magnitudes(catalogue, rounds, counts),
        clusters.caution,
        cautions.of_large_earthquakes(catalogue, from_magnitude),
    )
    return Summary(
        everything,
        catalogue,
        rounds,
        counts,
        complete,
        from_magnitude,
        b,
        positive,
        over_time,
        clusters,
        clusters.mainshocks if chosen is None else clusters.mainshocks[chosen],
        tuple(sentence for sentences in beware for sentence in sentences),
    )


def _or_none(compute: Callable[[], T]) -> T | None:
    """What is computed; None where there are too few earthquakes, which a sentence says."""
    try:
        return compute()
    except QuakeViewError:
        return None


def _rows(summary: Summary) -> Iterator[tuple[str, str]]:
    catalogue, found = summary.catalogue, summary.completeness
    known = catalogue.magnitude[np.isfinite(catalogue.magnitude)]
    yield "Earthquakes", f"{len(catalogue):,}"
    yield "From, to", f"{date(catalogue.time[0])} to {date(catalogue.time[-1])}"
    yield "Magnitudes", f"{magnitude_text(known.min())} to {magnitude_text(known.max())}"
    yield "Rounded to", f"{summary.rounding.step:g}" if summary.rounding.step else "not rounded"
    yield "Complete from, by maximum curvature", f"{magnitude_text(found.curvature)} ± {found.scatter:.2f}"
    yield (
        "Complete from, by stability of b",
        "nowhere stable" if found.stability is None else magnitude_text(found.stability),
    )
    yield (
        f"Complete from, by goodness of fit ({found.fit_level:g} %)",
        "nowhere" if found.fit is None else magnitude_text(found.fit),
    )
    yield "Used from magnitude", magnitude_text(summary.least)
    yield from _b_rows("b-value", summary.b)
    if summary.b is not None:
        yield "a-value (all years)", f"{summary.b.a:.2f}"
    yield from _b_rows("b-positive", summary.positive)
    left = summary.mainshocks
    yield "Clusters, in the whole catalogue", f"{summary.declustering.clusters:,}"
    yield f"Mainshocks, by {summary.declustering.method}", f"{left.sum():,} ({left.mean():.0%} of all)"


def _b_rows(name: str, b: BValue | None) -> Iterator[tuple[str, str]]:
    if b is None:
        yield name, "too few earthquakes"
        return
    low, high = b.interval
    yield name, f"{b.b:.3f} ± {b.uncertainty:.3f}"
    yield f"{name}, 95 % interval", f"{low:.2f} to {high:.2f}, of {b.number:,}"
