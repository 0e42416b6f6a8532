"""Station metadata from the web services of data centres (FDSN)."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from io import BytesIO
from threading import Thread
from typing import TYPE_CHECKING, Any

from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.stations.station_lists import NAMESPACE
from quakeview.waveforms.archive import Archive

if TYPE_CHECKING:
    from obspy import Inventory

Place = tuple[str, str]
Stations = dict[Place, tuple[UTCDateTime, UTCDateTime]]
"""When each is wanted: from and to, by (network, station)."""
USUAL_CENTRE = "EARTHSCOPE"
_AT_ONCE = 20
_TIMEOUT = 60.0
_LOOK_AGAIN = 0.2


def data_centres() -> list[str]:
    """Short names of the data centres that ObsPy knows."""
    from obspy.clients.fdsn.header import URL_MAPPINGS

    return sorted(URL_MAPPINGS)


def stations_with_data(archive: Archive) -> Stations:
    """When each station of an archive has data: from and to, by (network, station)."""
    found: Stations = {}
    for channel_id in archive.channels:
        spans = archive.coverage(channel_id)
        first, last = found.get(channel_id[:2], spans[0])
        found[channel_id[:2]] = min(first, spans[0][0]), max(last, spans[-1][1])
    return found


def download(
    centre: str,
    stations: Stations,
    progress: Progress | None = None,
) -> tuple["Inventory", list[Place]]:
    """Ask a data centre for coordinates and responses.

    Args:
        centre: one of ``data_centres``, or an address that begins with ``https://``.
        stations: when each is wanted, by (network, station).

    Returns:
        What it knows, and the stations that it does not know then.

    Raises:
        QuakeViewError: if it cannot be reached, or knows none of them.
        Cancelled: through ``progress``, at once; an answer that comes later is thrown away.
    """
    from obspy import Inventory

    progress = progress or Progress()
    wanted = sorted(stations)
    client = answered(partial(_client, centre), centre, progress, 0, len(wanted))
    inventory = Inventory()
    for first in range(0, len(wanted), _AT_ONCE):
        asked = [(*place, "*", "*", *stations[place]) for place in wanted[first : first + _AT_ONCE]]
        inventory += answered(partial(_ask, client, asked), centre, progress, first, len(wanted))
    known = {(network.code, station.code) for network in inventory for station in network}
    if not known.intersection(wanted):
        raise QuakeViewError(f"{centre} knows none of the stations at that time; choose another data centre.")
    return inventory, [place for place in wanted if place not in known]


def stationxml(inventory: "Inventory") -> bytes:
    """The text of an inventory as StationXML; gains that only a list gave are in a tag of their own."""
    text = BytesIO()
    inventory.write(text, "STATIONXML", nsmap={"quakeview": NAMESPACE})
    return text.getvalue()


def not_known(centre: str, places: Iterable[Place]) -> list[str]:
    """A sentence on the stations that a data centre did not know; empty if it knew all."""
    names = [".".join(place) for place in places]
    return [f"{centre} does not know {', '.join(names)} at that time."] if names else []


def answered(call: Callable[[], Any], centre: str, progress: Progress, done: int, total: int) -> Any:
    """Return the result of a call that may wait for the network for a minute, while it can be cancelled.

    Raises:
        QuakeViewError: if the call raises anything; ``centre`` is who was asked.
        Cancelled: through ``progress``, at once; an answer that comes later is thrown away.
    """
    answer: Future[Any] = Future()
    Thread(target=_settle, args=(answer, call), daemon=True, name="fdsn").start()
    while not answer.done():
        progress.advance(done, total, f"waiting for {centre}")
        try:
            answer.exception(_LOOK_AGAIN)
        except TimeoutError:
            continue
    error = answer.exception()
    if error is None:
        return answer.result()
    if isinstance(error, ValueError):
        raise QuakeViewError(
            f"There is no data centre {centre!r}; choose one of the list, or an address that begins with https://."
        ) from error
    raise QuakeViewError(
        f"{centre} could not be reached; check the network connection, or choose another data centre."
    ) from error


def _client(centre: str) -> Any:
    from obspy.clients.fdsn import Client

    return Client(centre, timeout=_TIMEOUT)


def _ask(client: Any, asked: list[tuple[Any, ...]]) -> "Inventory":
    from obspy import Inventory
    from obspy.clients.fdsn.header import FDSNNoDataException

    try:
        return client.get_stations_bulk(asked, level="response")
    except FDSNNoDataException:
        return Inventory()


def _settle(answer: "Future[Any]", call: Callable[[], Any]) -> None:
    try:
        answer.set_result(call())
    except Exception as error:  # whatever the client and the network stumble over; told by whoever waits
        answer.set_exception(error)
