"""Particle motion at a station around an onset or in a piece of record, and what it says of the source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quakeview.analysis.components import Component
from quakeview.analysis.cuts import cut
from quakeview.analysis.polarisation import Axis, ParticleMotion, Polarisation, particle_motion, polarisation
from quakeview.errors import QuakeViewError
from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.display import UnfilteredRecord
from quakeview.waveforms.flaws import is_clipped

BEFORE_ONSET = 0.25
"""Share of the window after an onset that is shown before it."""
LONGEST = 60.0
"""Seconds of the longest piece whose motion can be told apart in a picture."""

Stretch = tuple[float, float]
"""First and last time, seconds since 1970-01-01 UTC."""


@dataclass(frozen=True)
class MotionWindow:
    """Which times are shown and which are measured.

    Attributes:
        shown, measured: the latter is part of the former.
        onset: of ``phase``, seconds since 1970-01-01 UTC; None without.
    """

    shown: Stretch
    measured: Stretch
    onset: float | None = None
    phase: str = ""

    @classmethod
    def after(cls, onset: float, phase: str, seconds: float) -> "MotionWindow":
        """``seconds`` after an onset, and some of what was before it to look at."""
        return cls((onset - BEFORE_ONSET * seconds, onset + seconds), (onset, onset + seconds), onset, phase)

    @classmethod
    def of(cls, first: float, last: float, onset: float | None = None, phase: str = "") -> "MotionWindow":
        """A piece of record, all of which is measured, with an onset that may be in it.

        Raises:
            QuakeViewError: if it is too long.
        """
        if last - first > LONGEST:
            raise QuakeViewError(
                f"Particle motion is of up to {LONGEST:g} s: select a pick, or a piece of a trace with Shift and drag."
            )
        return cls((first, last), (first, last), onset, phase)


@dataclass(frozen=True, eq=False)
class StationMotion:
    """What there is to see.

    Attributes:
        motion: of the times that are shown.
        theoretical: back-azimuth of the event that is open, degrees; None without one.
    """

    window: MotionWindow
    motion: ParticleMotion
    polarisation: Polarisation
    theoretical: float | None = None

    @property
    def radial_azimuth(self) -> float | None:
        """Of the direction away from the source, as computed, else as measured; degrees."""
        known = self.theoretical if self.theoretical is not None else self.polarisation.back_azimuth
        return None if known is None else (known + 180) % 360

    def csv(self) -> str:
        """The motion, a line for each sample."""
        motion = self.motion
        rows = zip(motion.times, motion.up, motion.north, motion.east, strict=True)
        lines = ["seconds_since_1970,vertical,north,east,unit"]
        lines += [f"{time:.6f},{up:.8g},{north:.8g},{east:.8g},{motion.unit}" for time, up, north, east in rows]
        return "\n".join(lines) + "\n"


def station_motion(
    components: Sequence[Component],
    axes: Mapping[ChannelId, Axis],
    window: MotionWindow,
    theoretical: float | None = None,
) -> StationMotion:
    """Compute the motion of the components in a window, filtered as they are shown.

    Args:
        axes: directions of the three that are looked at.
        theoretical: back-azimuth of the event that is open, degrees.

    Raises:
        QuakeViewError: if there is no motion to be seen, such as in a gap.
    """
    three = [component for component in components if component.channel_id in axes]
    if problem := next((each.problem for each in three if each.problem), ""):
        raise QuakeViewError(problem)
    cuts = [cut(each.records, *window.shown, each.name, each.unit) for each in three]
    motion = particle_motion(cuts, [axes[each.channel_id] for each in three])
    found = polarisation(motion.within(*window.measured))
    if found.back_azimuth is not None and (doubt := _doubt(three, window)):
        found = replace(found, back_azimuth=None, doubt=doubt)
    return StationMotion(window, motion, found, theoretical)


def _doubt(components: Sequence[Component], window: MotionWindow) -> str:
    """Why a direction would be a false one, whatever the motion looks like; empty if it would not."""
    if window.phase[:1].upper() == "S":
        return "No direction: S does not move along its ray."
    clipped = next((each.name for each in components if _is_clipped(each, window.measured)), "")
    return f"No direction: {clipped} is clipped." if clipped else ""


def _is_clipped(component: Component, window: Stretch) -> bool:
    """As far as the samples as recorded are at hand."""
    recorded = [
        UnfilteredRecord(record.start, record.sampling_rate, record.raw)
        for record in component.records
        if record.raw is not None and record.change is None
    ]
    try:
        piece = cut(recorded, *window, component.name)
    except QuakeViewError:
        return False
    return is_clipped(piece.data)
