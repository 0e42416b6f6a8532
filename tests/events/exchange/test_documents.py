"""Imported catalogues keep what QuakeView does not know."""

import io
import warnings
from dataclasses import replace
from pathlib import Path

import obspy
import pytest

from quakeview.events.exchange import picks_of, read_event_file, write_events
from quakeview.events.exchange.documents import merged
from quakeview.monitoring.exchange import read_pick_file, write_picks
from quakeview.monitoring.quakeml import UNASSOCIATED_EVENT, serialise
from tests.events.earthquakes import earthquake

OBSPY = Path(obspy.__file__).parent / "io"
CATALOGUES = sorted(
    path
    for room in ("quakeml", "iaspei", "zmap", "ndk", "nlloc", "cnv")
    for path in (OBSPY / room / "tests/data").iterdir()
    if path.suffix in (".xml", ".qml")
)


def as_obspy_writes(path: Path) -> obspy.Catalog:
    """A catalogue after ObsPy wrote and read it: it leaves out empty elements, for instance."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        text = io.BytesIO()
        obspy.read_events(path).write(text, format="QUAKEML")
        text.seek(0)
        return obspy.read_events(text)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.name)
def test_a_quakeml_file_comes_back_identical(path: Path, tmp_path: Path) -> None:
    file = read_event_file(path)
    if any("event type" in note for note in file.notes):
        pytest.skip("ObsPy leaves out events of types that QuakeML does not have")
    write_events(file.events, file.picks, tmp_path / "out.quakeml", [file.document])
    assert obspy.read_events(tmp_path / "out.quakeml") == as_obspy_writes(path)


def test_what_quakeview_writes_comes_back_identical(tmp_path: Path) -> None:
    events, picks = zip(*(earthquake(number) for number in range(3)), strict=True)
    loose = earthquake(7)[1]
    every = [pick for some in picks for pick in some] + loose
    assert write_events(events, every, tmp_path / "a.quakeml") == []
    file = read_event_file(tmp_path / "a.quakeml")
    assert (file.events, file.notes) == (events, [])
    assert list(file.picks) == every
    write_events(file.events, file.picks, tmp_path / "b.quakeml", [file.document])
    assert obspy.read_events(tmp_path / "b.quakeml") == obspy.read_events(tmp_path / "a.quakeml")


def test_an_imported_catalogue_stays_in_what_is_exported_with_one_event_relocated(tmp_path: Path) -> None:
    path = OBSPY / "quakeml/tests/data/neries_events.xml"
    file = read_event_file(path)
    first, *others = file.events
    moved = first.with_(origin=replace(first.origin, latitude=1.5))
    write_events([moved, *others], file.picks, tmp_path / "out.quakeml", [file.document])
    written, original = obspy.read_events(tmp_path / "out.quakeml"), as_obspy_writes(path)
    assert written[1:] == original[1:]
    assert written[0].origins[0] == original[0].origins[0]
    assert written[0].preferred_origin().latitude == 1.5
    assert written[0].event_descriptions == original[0].event_descriptions


def test_one_event_of_a_catalogue_is_exported_alone(tmp_path: Path) -> None:
    file = read_event_file(OBSPY / "seiscomp/tests/data/westaus_events.xml")
    one = file.events[:1]
    write_events(one, picks_of(one, file.picks), tmp_path / "one.quakeml", [file.document], whole=False)
    back = read_event_file(tmp_path / "one.quakeml")
    assert back.events == one
    assert {pick.resource_id for pick in back.picks} == set(one[0].pick_ids)


def test_events_without_an_origin_stay_with_the_whole_catalogue_alone() -> None:
    file = read_event_file(OBSPY / "quakeml/tests/data/quakeml_1.2_focalmechanism.xml")
    assert file.events == ()
    assert "has no origin" in file.notes[0]
    assert len(merged((), (), [file.document])) == 1
    assert len(merged((), (), [file.document], whole=False)) == 0


def test_a_pick_moves_to_the_event_that_uses_it() -> None:
    event, picks = earthquake(1)
    other, _ = earthquake(2)
    document = serialise(merged([other], picks))  # the picks are of no event there
    assert [len(each.picks) for each in obspy.read_events(io.BytesIO(document))] == [0, 6]
    catalog = merged([event, other], picks, [document])
    assert {each.resource_id.id: len(each.picks) for each in catalog} == {
        other.resource_id: 0,
        event.resource_id: 6,
    }


def test_the_picks_of_a_deleted_event_are_of_no_event() -> None:
    event, picks = earthquake(1)
    catalog = merged([], picks, [serialise(merged([event], picks))])
    assert [each.resource_id.id for each in catalog] == [UNASSOCIATED_EVENT]
    assert len(catalog[0].picks) == 6


def test_a_deleted_pick_takes_its_arrivals_along() -> None:
    event, picks = earthquake(1)
    left = event.with_(origin=replace(event.origin, arrivals=event.origin.arrivals[1:]))
    catalog = merged([left], picks[1:], [serialise(merged([event], picks))])
    assert len(catalog[0].origins) == 1
    assert len(catalog[0].origins[0].arrivals) == 5


def test_picks_are_exported_beside_events_that_nobody_changed(tmp_path: Path) -> None:
    """``write_picks`` and ``write_events`` agree on a catalogue."""
    path = OBSPY / "seiscomp/tests/data/westaus_events.xml"
    picks, events = read_pick_file(path), read_event_file(path)
    assert picks.picks == events.picks
    write_picks(picks.picks, tmp_path / "picks.quakeml", [picks.document])
    write_events(events.events, events.picks, tmp_path / "events.quakeml", [events.document])
    assert obspy.read_events(tmp_path / "picks.quakeml") == obspy.read_events(tmp_path / "events.quakeml")
