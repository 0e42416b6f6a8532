"""Where QuakeView's own files are: shipped resources and models, and the user's folders."""

from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """A top-level folder of the project: inside the package when installed from a wheel, beside it in a checkout."""
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def resources_dir() -> Path:
    """Icons, coastlines and sample data that ship with QuakeView."""
    return _shipped("resources")


def shipped_models_dir() -> Path:
    """Trained models that ship with QuakeView."""
    return _shipped("models")


def user_models_dir() -> Path:
    """Models the user trained or imported."""
    return Path(platformdirs.user_data_dir("quakeview", appauthor=False)) / "models"


def user_runs_dir() -> Path:
    """Training runs, unless their run files name another place."""
    return Path(platformdirs.user_data_dir("quakeview", appauthor=False)) / "runs"


def user_regions_dir() -> Path:
    """Regions that forecasters are made for: their files, and what is simulated of them."""
    return Path(platformdirs.user_data_dir("quakeview", appauthor=False)) / "regions"


def user_catalogues_dir() -> Path:
    """Catalogues of earthquakes that were downloaded, or made of events that were located here."""
    return Path(platformdirs.user_data_dir("quakeview", appauthor=False)) / "catalogues"


def user_state_dir() -> Path:
    """Recent files, the autosaved project and the log."""
    return Path(platformdirs.user_state_dir("quakeview", appauthor=False))


def user_cache_dir() -> Path:
    """What can be made again: the headers of archives."""
    return Path(platformdirs.user_cache_dir("quakeview", appauthor=False))
