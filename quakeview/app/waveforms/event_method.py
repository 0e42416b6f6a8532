"""How events are located and sized, as the preferences say."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from quakeview.app.shell.preferences import Preferences

if TYPE_CHECKING:
    from quakeview.events.attenuation_laws import AttenuationLaw
    from quakeview.events.cataloguing import Method
    from quakeview.events.locating import Place
    from quakeview.events.revising import Learned, Revision
    from quakeview.events.velocity_models import VelocityModel
    from quakeview.stations.book import StationBook
    from quakeview.stations.coordinates import Coordinates
    from quakeview.waveforms.archive import Archive


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


def revision(
    coordinates: "Mapping[Place, Coordinates]",
    archive: "Archive",
    stations: "StationBook",
    model: str,
    law: str,
    learned: "Mapping[str, Any]",
) -> "Revision":
    """Locates and sizes events by the chosen model and law, with what the last search learned, as sessions keep it.

    Raises:
        QuakeViewError: if no station has coordinates, or a file cannot be read.
    """
    from quakeview.events.locating import Locator
    from quakeview.events.revising import Revision

    locator = Locator.at(coordinates, velocity_model(model))
    return Revision.after(from_state(learned), locator, archive, stations, attenuation_law(law))


def to_state(learned: "Learned") -> dict[str, Any]:
    """For JSON."""
    return {
        "velocity_model": learned.velocity_model,
        "law": learned.law,
        "terms": [[*place, phase, term] for (place, phase), term in sorted(learned.terms.items())],
        "corrections": [[*place, value] for place, value in sorted(learned.corrections.items())],
    }


def from_state(state: "Mapping[str, Any]") -> "Learned":
    """The inverse of ``to_state``; of nothing, nothing."""
    from quakeview.events.revising import Learned

    return Learned(
        state.get("velocity_model", ""),
        state.get("law", ""),
        {((network, station), phase): term for network, station, phase, term in state.get("terms", ())},
        {(network, station): value for network, station, value in state.get("corrections", ())},
    )


def velocity_model(choice: str) -> "VelocityModel | None":
    """A published model by its name, one of the user's by its path; None: the one for the place.

    Raises:
        QuakeViewError: if the file cannot be read.
    """
    from quakeview.events.velocity_models import find_velocity_model

    return find_velocity_model(choice) if choice else None


def attenuation_law(choice: str) -> "AttenuationLaw":
    """A published law by its name, or one of the user's by its path.

    Raises:
        QuakeViewError: if the file cannot be read.
    """
    from quakeview.events.attenuation_laws import DEFAULT, find_law

    return find_law(choice or DEFAULT)


def _method(model: str, law: str, picks: int, stations: int) -> "Method":
    from quakeview.events.association import Rules
    from quakeview.events.cataloguing import Method

    return Method(velocity_model(model), attenuation_law(law), Rules(picks, stations))
