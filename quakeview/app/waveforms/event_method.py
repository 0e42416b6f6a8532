"""How events are located and sized, as the preferences say."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quakeview.app.shell.preferences import Preferences

if TYPE_CHECKING:
    from quakeview.events.attenuation_laws import AttenuationLaw
    from quakeview.events.cataloguing import Method
    from quakeview.events.locating import Locator, Place
    from quakeview.events.velocity_models import VelocityModel
    from quakeview.stations.coordinates import Coordinates


def chosen_method(preferences: Preferences) -> "Callable[[], Method]":
    """What makes the method; it may read files, so it is called on a worker thread."""
    options = preferences
    return partial(
        _method,
        options[options.VELOCITY_MODEL],
        options[options.ATTENUATION_LAW],
        options[options.EVENT_PICKS],
        options[options.EVENT_STATIONS],
    )


def located_by(coordinates: "Mapping[Place, Coordinates]", choice: str, terms: Sequence[Sequence[Any]]) -> "Locator":
    """The locator of a network with a chosen velocity model and station terms as a session file keeps them.

    Raises:
        QuakeViewError: if no station has coordinates, or the model cannot be read.
    """
    from quakeview.events.locating import Locator

    known = {((network, station), phase): float(term) for network, station, phase, term in terms}
    return Locator.at(coordinates, velocity_model(choice)).with_(terms=known)


def velocity_model(choice: str) -> "VelocityModel | None":
    """A published model by its name, one of the user's by its path; None: the one for the place.

    Raises:
        QuakeViewError: if the file cannot be read.
    """
    from quakeview.events.velocity_models import PUBLISHED, read_velocity_model

    if not choice:
        return None
    return PUBLISHED.get(choice) or read_velocity_model(Path(choice))


def attenuation_law(choice: str) -> "AttenuationLaw":
    """A published law by its name, or one of the user's by its path.

    Raises:
        QuakeViewError: if the file cannot be read.
    """
    from quakeview.events.attenuation_laws import DEFAULT, LAWS, read_attenuation_law

    return LAWS.get(choice or DEFAULT) or read_attenuation_law(Path(choice))


def _method(model: str, law: str, picks: int, stations: int) -> "Method":
    from quakeview.events.association import Rules
    from quakeview.events.cataloguing import Method

    return Method(velocity_model(model), attenuation_law(law), Rules(picks, stations))
