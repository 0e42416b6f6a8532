"""One phase of an earthquake at all stations, correlated: P on the vertical, S on the transverse component."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quakeview.analysis.correlation import Correlated, Correlation, Window, check_reach, correlate, needed
from quakeview.analysis.shown_components import Shown, component
from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.texts import counted

LETTERS = {"P": "Z", "S": "T"}
"""The component on which a phase is correlated."""
Place = tuple[str, str]


@dataclass(frozen=True, eq=False)
class PhaseCorrelation:
    """Correlated times of a phase.

    Attributes:
        phase: ``P`` or ``S``.
        picks: (n) of each station that was correlated, seconds since 1970-01-01 UTC.
        correlation: of the traces in the same order.
        left_out: a sentence for each station with a pick that could not be correlated.
    """

    phase: str
    picks: Mapping[Place, float]
    correlation: Correlation
    left_out: tuple[str, ...]

    @property
    def stations(self) -> dict[Place, Correlated]:
        """What became of each."""
        return dict(zip(self.picks, self.correlation.traces, strict=True))

    @property
    def times(self) -> dict[Place, float]:
        """Of the stations that count, seconds since 1970-01-01 UTC."""
        return {place: self.picks[place] + found.shift for place, found in self.stations.items() if found.counts}

    @property
    def summary(self) -> str:
        """How many count, and which do not or are reversed."""
        bad = [f"{name(p)} ({found.coefficient:.2f})" for p, found in self.stations.items() if not found.counts]
        against = [name(p) for p, found in self.stations.items() if found.counts and found.reversed]
        said = f"{len(self.times)} of {counted(len(self.picks), 'trace fits', 'traces fit')} each other."
        if bad:
            said += f" Not used, with their coefficients: {', '.join(bad)}."
        if against:
            said += f" Reversed polarity: {', '.join(against)}."
        return said

    def table(self) -> str:
        """The stations as CSV."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(["station", "phase", "shift_s", "uncertainty_s", "coefficient", "reversed", "used"])
        for place, found in self.stations.items():
            error = "" if found.uncertainty is None else f"{found.uncertainty:.4f}"
            shift, fit = f"{found.shift:.4f}", f"{found.coefficient:.3f}"
            rows.writerow([name(place), self.phase, shift, error, fit, *map(_yes, (found.reversed, found.counts))])
        return text.getvalue()


def name(place: Place) -> str:
    """``CI.TOW2``."""
    return ".".join(place)


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def correlate_phase(
    shown: Iterable[Shown], picks: Mapping[Place, float], phase: str, window: Window, progress: Progress | None = None
) -> PhaseCorrelation:
    """Correlate the component of a phase at the stations that have a pick of it.

    Raises:
        QuakeViewError: if too few can be correlated or fit each other.
        Cancelled: through ``progress``.
    """
    pieces, left_out = {}, {}
    for instrument in shown:
        place = instrument.station[:2]
        if place not in picks or place in pieces:
            continue
        try:
            rate = max((record.sampling_rate for found in instrument.records.values() for record in found), default=1.0)
            piece = component(instrument, LETTERS[phase], *needed(picks[place], window, rate))
            check_reach(piece, picks[place], window)
            pieces[place] = piece
        except QuakeViewError as error:
            left_out[place] = str(error)
    used = {place: picks[place] for place in pieces}
    try:
        found = correlate(list(pieces.values()), list(used.values()), window, progress)
    except QuakeViewError as error:
        raise QuakeViewError(" ".join((str(error), *left_out.values()))) from error
    return PhaseCorrelation(phase, used, found, tuple(said for place, said in left_out.items() if place not in pieces))
