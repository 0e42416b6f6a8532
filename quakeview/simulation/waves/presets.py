"""Simulations of a size."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """How finely a region is simulated.

    Attributes:
        spacing: of the grid, m.
        frequency: highest, Hz; about 6 grid points or more to the shortest S wave.
        frame_step: between snapshots, s.
        duration: after the origin time, s.
        minimum_vs: slower ground is made this fast, m/s.
    """

    spacing: float
    frequency: float
    frame_step: float
    duration: float
    minimum_vs: float = 1000.0


PRESETS = {
    "tiny": Preset(1000.0, 0.15, 0.52, 116.48),
    "forecast": Preset(1000.0, 0.25, 0.52, 116.48, minimum_vs=1500.0),
    "standard": Preset(600.0, 0.25, 0.26, 116.48),
    "fine": Preset(300.0, 0.50, 0.26, 116.48),
}
"""``forecast`` is what the shipped forecasters know: as cheap as ``tiny``, to 0.25 Hz; slow ground is hardened."""
