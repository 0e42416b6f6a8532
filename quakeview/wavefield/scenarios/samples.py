"""A scenario that ships with QuakeView, so that a first run needs no simulation."""

from pathlib import Path

from quakeview.paths import resources_dir


def sample_scenario() -> Path:
    """A small rupture of the Hayward fault, made with ``quakeview simulate``."""
    return resources_dir() / "scenarios" / "hayward-m6.h5"
