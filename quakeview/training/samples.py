"""Labelled records that ship with QuakeView, so that a first run needs no data."""

from pathlib import Path

from quakeview.paths import resources_dir


def sample_records() -> Path:
    """A small network on a geothermal field that does not exist, in SeisBench layout; its README says more."""
    return resources_dir() / "records" / "geothermal-field"
