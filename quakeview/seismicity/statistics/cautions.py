"""What to beware of when the statistics of a catalogue are used, in sentences; nothing where there is nothing."""

from collections.abc import Iterator

import numpy as np

from quakeview.seismicity.catalogue import DAY, Catalogue
from quakeview.seismicity.statistics.aftershocks import part_of_usual
from quakeview.seismicity.statistics.b_values import ENOUGH, BValue
from quakeview.seismicity.statistics.completeness import Completeness, CompletenessOverTime, incomplete_for
from quakeview.seismicity.statistics.gardner_knopoff import gardner_knopoff
from quakeview.seismicity.statistics.magnitudes import TOLERANCE, FrequencyMagnitude, Rounding, magnitude_text
from quakeview.texts import counted, date, duration

USUAL_B = 0.6, 1.6
_DISAGREEMENT = 0.3
"""Between magnitudes of completeness."""
_LARGE = 3.0
"""Above completeness: earthquakes whose aftershocks are counted."""
_FEW, _TO_COUNT = 0.1, 50.0
"""Part of the usual number of aftershocks below which a catalogue is thinned, and usual ones it takes to say so."""
_LONG, _MONTH = 3600.0, 30 * DAY
"""s of incompleteness after a large earthquake that is worth a sentence, and beyond which nobody has measured it."""


def of_magnitudes(catalogue: Catalogue, rounding: Rounding, counts: FrequencyMagnitude) -> Iterator[str]:
    """Yield what is wrong with the magnitudes themselves."""
    unknown = int((~np.isfinite(catalogue.magnitude)).sum())
    if unknown:
        yield f"{counted(unknown, 'earthquake has', 'earthquakes have')} no magnitude and are not counted."
    if rounding.mixed:
        yield (
            f"{rounding.mixed:.0%} of the magnitudes are rounded to tenths and the others are finer; "
            "all are counted as tenths."
        )
    if counts.number[0] == counts.number.max() and len(counts.number) > 1:
        yield (
            f"The catalogue begins with its most frequent magnitude, {magnitude_text(counts.magnitude[0])}: smaller "
            "earthquakes were left out of it, so that completeness below cannot be seen, and may lie there."
        )


def of_completeness(found: Completeness) -> Iterator[str]:
    """Yield that the methods do not agree."""
    if found.stability is None:
        yield (
            "The b-value is nowhere stable: the catalogue is of several kinds, or changed with time; "
            "completeness is by maximum curvature alone, which is often too low."
        )
    elif abs(found.stability - found.curvature) > _DISAGREEMENT + TOLERANCE:
        yield (
            f"Maximum curvature says that the catalogue is complete from {magnitude_text(found.curvature)}, "
            f"stability of b from {magnitude_text(found.stability)}; look at completeness over time before "
            "you trust either."
        )


def of_use(found: Completeness, least: float) -> Iterator[str]:
    """Yield that a catalogue is used from a magnitude from which it is not complete."""
    if least < found.magnitude - TOLERANCE:
        yield (
            f"Earthquakes from magnitude {magnitude_text(least)} on are used, but the catalogue is complete only from "
            f"{magnitude_text(found.magnitude)} (by {found.method}): below, some are missing, at times many."
        )


def of_b(b: BValue | None, least: float) -> Iterator[str]:
    """Yield that there are too few earthquakes, or that their law is not a usual one."""
    if b is None:
        yield (
            f"There are too few earthquakes of magnitude {magnitude_text(least)} and more, or all are of one, "
            "for a b-value; choose a lower magnitude, a larger region or more years."
        )
    elif b.number < ENOUGH:
        yield f"The b-value is of {counted(b.number, 'earthquake')} only; it says little below {ENOUGH}."
    if b is not None and not USUAL_B[0] <= b.b <= USUAL_B[1]:
        yield (
            f"A b-value of {b.b:.2f} is unusual ({USUAL_B[0]:g} to {USUAL_B[1]:g} are usual): the catalogue is "
            "probably incomplete in some of its years or places, was thinned, or has magnitudes of several kinds."
        )


def of_times(found: CompletenessOverTime | None, least: float) -> Iterator[str]:
    """Yield when a catalogue was complete only from a larger magnitude."""
    if found is None:
        return
    worse = found.curvature - found.scatter > least + _DISAGREEMENT - TOLERANCE
    if worse.any():
        worst = int(np.where(worse, found.curvature, -np.inf).argmax())
        yield (
            f"The catalogue is not complete from {magnitude_text(least)} all the time: by maximum curvature only from "
            f"{magnitude_text(found.curvature[worst])} between {date(found.start[worst])} and {date(found.end[worst])}"
            f"{_share(worse)}."
        )


def of_thinning(catalogue: Catalogue, least: float) -> Iterator[str]:
    """Yield that large earthquakes have far fewer aftershocks than usual, as in a sample or a declustered catalogue."""
    known = catalogue.where(np.isfinite(catalogue.magnitude))
    main = gardner_knopoff(known) == np.arange(len(known))
    seen, usual = part_of_usual(known, np.flatnonzero(main & (known.magnitude >= least + _LARGE - TOLERANCE)), least)
    if usual >= _TO_COUNT and seen < _FEW * usual:
        yield (
            f"The catalogue looks thinned or declustered: its large earthquakes have {counted(seen, 'aftershock')} "
            f"where about {_two_digits(usual):,.0f} are usual (Båth's law). It is of no use for forecasts."
        )


def of_large_earthquakes(catalogue: Catalogue, least: float) -> Iterator[str]:
    """Yield how long smaller earthquakes are missed after the largest one."""
    if not np.isfinite(catalogue.magnitude).any():
        return
    largest = int(np.nanargmax(catalogue.magnitude))
    missed = incomplete_for(float(catalogue.magnitude[largest]), least)
    if missed > _LONG:
        yield (
            f"After the largest earthquake, of magnitude {magnitude_text(catalogue.magnitude[largest])} on "
            f"{date(catalogue.time[largest])}, those from {magnitude_text(least)} on are probably incomplete for "
            f"{duration(missed) if missed < _MONTH else 'more than a month'} (Helmstetter et al. 2006, for California)."
        )


def _two_digits(number: float) -> float:
    return round(number, 1 - int(np.log10(number)))


def _share(worse: np.ndarray) -> str:
    part = worse.mean()
    return f", and for {part:.0%} of its earthquakes from at least {_DISAGREEMENT:g} more" if part > 0.05 else ""
