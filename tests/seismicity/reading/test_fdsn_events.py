"""Events from a data centre, which here is a thread of this process."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.seismicity.reading import read_catalogue
from quakeview.seismicity.reading.fdsn_events import EventQuery, download_events, save_events

HEADER = (
    "#EventID|Time|Latitude|Longitude|Depth/km|Author|Catalog|Contributor|ContributorID|MagType|Magnitude|MagAuthor|"
    "EventLocationName"
)
DAY = 86400.0


class Centre:
    """A data centre with an event every hour of ten days, which gives 50 at a time at most."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.limit, self.status, self.held = 50, 200, threading.Event()
        self.held.set()

    def answer(self, query: dict[str, str]) -> tuple[int, str]:
        """What the service says, as FDSN's specification has it; both ends of the time are included."""
        self.asked.append(query)
        self.held.wait(30)
        if self.status != 200:
            return self.status, "Error: no"
        start, end = (float(np.datetime64(query[key], "ms").astype(float)) / 1e3 for key in ("starttime", "endtime"))
        west, east = float(query.get("minlongitude", -180)), float(query.get("maxlongitude", 180))
        hours = [hour for hour in range(240) if start <= 3600 * hour <= end and west <= longitude(hour) <= east]
        if len(hours) > self.limit:
            return 400, f"Error 400: {len(hours)} matching events exceeds search limit of {self.limit}."
        rows = (
            f"e{hour}|{np.datetime64(3600 * hour, 's')}|35.0|{longitude(hour)}|10|a|a|a|a|ml|{1 + hour % 5}|a|b"
            for hour in hours
        )
        return (200, "\n".join([HEADER, *rows, ""])) if hours else (404, "")


def longitude(hour: int) -> float:
    return 179.5 if hour % 2 else -179.5


@pytest.fixture
def centre() -> Iterator[tuple[Centre, str]]:
    known = Centre()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlparse(self.path)
            assert address.path == "/fdsnws/event/1/query"
            status, text = known.answer({key: values[0] for key, values in parse_qs(address.query).items()})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Nothing on stderr."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield known, f"http://127.0.0.1:{server.server_address[1]}"
    known.held.set()
    server.shutdown()
    server.server_close()
    thread.join()


def test_too_many_events_are_asked_for_in_pieces(centre: tuple[Centre, str], tmp_path: Path) -> None:
    known, address = centre
    notes = save_events(address, EventQuery(0, 10 * DAY, magnitude=1), tmp_path / "events.csv")
    read = read_catalogue(tmp_path / "events.csv")
    assert len(known.asked) > 5
    assert read.catalogue.time.tolist() == [3600.0 * hour for hour in range(240)]
    assert read.catalogue.depth[0] == 10_000
    assert "240 events" in notes[0]
    assert "blasts" in notes[1]
    assert known.asked[0]["minmagnitude"] == "1"


def test_an_answer_that_is_cut_without_a_word_is_noticed(
    centre: tuple[Centre, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known, address = centre
    monkeypatch.setattr("quakeview.seismicity.reading.fdsn_events._FULL", 40)
    known.limit = 1000
    answer = known.answer
    monkeypatch.setattr(known, "answer", lambda query: _cut(*answer(query)))
    text, _ = download_events(address, EventQuery(0, 10 * DAY))
    assert text.count("|ml|") == 240


def _cut(status: int, text: str) -> tuple[int, str]:
    return status, "\n".join([*text.splitlines()[:41], ""]) if text else ""


def test_a_box_across_the_date_line_is_asked_for_in_two(centre: tuple[Centre, str]) -> None:
    known, address = centre
    text, _ = download_events(address, EventQuery(0, DAY, box=(179, 30, -179, 40)))
    assert text.count("|ml|") == 25
    assert {(each["minlongitude"], each["maxlongitude"]) for each in known.asked} == {("179", "180"), ("-180", "-179")}


@pytest.mark.parametrize(
    ("status", "words"), [(503, "busy"), (400, "refused the query"), (413, "even the events of one minute")]
)
def test_refusals_are_said(status: int, words: str, centre: tuple[Centre, str]) -> None:
    known, address = centre
    known.status = status
    with pytest.raises(QuakeViewError, match=words):
        download_events(address, EventQuery(0, DAY))


def test_no_event_is_said(centre: tuple[Centre, str]) -> None:
    with pytest.raises(QuakeViewError, match="knows no earthquakes of magnitude 4 and more from 2000-01-01"):
        download_events(centre[1], EventQuery(946684800, 946684800 + DAY, magnitude=4))


def test_waiting_can_be_cancelled(centre: tuple[Centre, str]) -> None:
    known, address = centre
    known.held.clear()

    class Impatient(Progress):
        def on_advance(self, done: float, total: float, message: str) -> None:
            self.cancel()

    with pytest.raises(Cancelled):
        download_events(address, EventQuery(0, DAY), Impatient())


def test_who_does_not_exist_is_said() -> None:
    with pytest.raises(QuakeViewError, match="no data centre 'NOWHERE'"):
        download_events("NOWHERE", EventQuery(0, DAY))
    with pytest.raises(QuakeViewError, match="could not be reached"):
        download_events("http://127.0.0.1:9", EventQuery(0, DAY))


@pytest.mark.parametrize("query", [(1.0, 0.0, None, None), (0.0, 1.0, None, (0.0, 10.0, 10.0, 5.0))])
def test_contradictory_queries(query: tuple) -> None:
    with pytest.raises(QuakeViewError):
        EventQuery(*query)
