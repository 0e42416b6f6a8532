"""Files of location programs: what is written is read back, and what is lost is told."""

import io
from dataclasses import replace
from pathlib import Path

import obspy
import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import Event, EventStatus
from quakeview.events.exchange import FORMATS, EventFile, events_of, read_event_file, suggested_name, write_events
from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.stations.coordinates import Coordinates
from quakeview.waveforms.channels import ChannelId
from tests.events.earthquakes import STATIONS, TIME, earthquake

OBSPY = Path(obspy.__file__).parent / "io"

SUMMARY = "201907041702551635 4285117 2977  821"


def card(fields: dict[int, str]) -> str:
    """A line with texts at the columns of the format, counted from 0."""
    line = ""
    for column, text in fields.items():
        assert len(line) <= column
        line = line.ljust(column) + text
    return line


def both() -> tuple[list[Event], list[Pick]]:
    (first, some), (second, others) = earthquake(1), earthquake(2)
    return [first, second], some + others


def through(suffix: str, tmp_path: Path) -> tuple[EventFile, list[str]]:
    events, picks = both()
    losses = write_events(events, picks, tmp_path / f"a{suffix}")
    return read_event_file(tmp_path / f"a{suffix}"), losses


@pytest.mark.parametrize(("suffix", "within"), [(".hyp", 1e-4), (".phs", 0.006), (".pha", 1e-4), (".nordic", 1e-3)])
def test_times_places_and_picks_come_back(suffix: str, within: float, tmp_path: Path) -> None:
    events, picks = both()
    file, _ = through(suffix, tmp_path)
    assert len(file.events) == 2
    for event, back in zip(events, file.events, strict=True):
        assert abs(back.time - event.time) <= within
        assert back.origin.latitude == pytest.approx(event.origin.latitude, abs=1e-4)
        assert back.origin.longitude == pytest.approx(event.origin.longitude, abs=1e-4)
        assert back.origin.depth == pytest.approx(event.origin.depth, abs=5)
    read = sorted((pick.channel_id.station, pick.phase, pick.time) for pick in file.picks if pick.phase in "PS")
    for (station, phase, time), pick in zip(
        read, sorted(picks, key=lambda p: (*p.channel_id[1:2], p.phase, p.time)), strict=True
    ):
        assert (station, phase) == (pick.channel_id.station, pick.phase)
        assert abs(time - pick.time) <= within


@pytest.mark.parametrize("suffix", [".hyp", ".nordic"])
def test_residuals_distances_and_weights_come_back(suffix: str, tmp_path: Path) -> None:
    file, _ = through(suffix, tmp_path)
    picks = {pick.resource_id: pick for pick in file.picks}
    for arrival in file.events[0].origin.arrivals:
        station = picks[arrival.pick_id].channel_id.station
        assert (arrival.distance, arrival.azimuth) == pytest.approx(STATIONS[station], rel=1e-3)
        assert arrival.residual == pytest.approx(0.03 * list(STATIONS).index(station), abs=0.005)
        assert arrival.weight == (0.5 if station == "WRC2" else 1.0)


@pytest.mark.parametrize(("suffix", "parts"), [(".hyp", 6), (".nordic", 4)])
def test_errors_come_back_in_metres(suffix: str, parts: int, tmp_path: Path) -> None:
    file, _ = through(suffix, tmp_path)
    known, back = both()[0][0].origin.uncertainty, file.events[0].origin.uncertainty
    names = ("east", "north", "depth", "east_north", "east_depth", "north_depth")[:parts]
    for name in names:
        assert getattr(back, name) == pytest.approx(getattr(known, name), rel=1e-3)


@pytest.mark.parametrize("suffix", FORMATS)
def test_what_a_format_leaves_out_is_told(suffix: str, tmp_path: Path) -> None:
    events, picks = both()
    losses = write_events(events, [*picks, *earthquake(5)[1]], tmp_path / f"a{suffix}")
    told = " ".join(losses)
    lossless = suffix in (".quakeml", ".xml")
    assert (losses == []) == lossless
    assert ("amplitudes: 4 were left out" in told) == (not lossless and suffix != ".nordic")
    assert ("picks of no event: 6 were left out" in told) == (not lossless and suffix != ".csv")


def test_nonlinloc_observations_are_a_block_for_each_event(tmp_path: Path) -> None:
    events, picks = both()
    picks[0] = picks[0].with_(status=PickStatus.REJECTED)
    losses = write_events(events, picks, tmp_path / "a.obs")
    blocks = (tmp_path / "a.obs").read_text().strip().split("\n\n")
    assert [len(block.splitlines()) for block in blocks] == [6, 7]
    assert "NonLinLoc obs holds no magnitudes: 4 were left out." in losses
    assert "1 rejected pick was left out, since the locator would use them." in losses
    assert len(read_event_file(tmp_path / "a.obs").picks) == 11


def test_elevations_of_stations_are_in_nonlinloc_hypocentres(tmp_path: Path) -> None:
    (event, *_), picks = both()
    stations = {("CI", station): Coordinates(35.0, -117.0, 1250.0) for station in STATIONS}
    losses = write_events([event], picks[:6], tmp_path / "a.hyp", (), stations)
    assert not any("elevation" in loss for loss in losses)
    line = next(line for line in (tmp_path / "a.hyp").read_text().splitlines() if line.startswith("CCC"))
    assert line.split()[18:21] == ["6.0000", "10.3923", "-1.2500"]


def test_the_ellipsoid_of_a_nonlinloc_file_is_in_metres() -> None:
    """ObsPy takes its lengths over in km."""
    file = read_event_file(OBSPY / "nlloc/tests/data/nlloc_v7.hyp")
    known = file.events[0].origin.uncertainty
    assert (known.east, known.north, known.depth) == pytest.approx((110.261e6, 24.536e6, 110.066e6), rel=1e-6)
    assert known.east_north == pytest.approx(8.30876e6, rel=1e-5)
    origin = obspy.read_events(io.BytesIO(file.document))[0].origins[0]
    assert origin.origin_uncertainty.confidence_ellipsoid.semi_major_axis_length == pytest.approx(20.2e3, rel=0.01)
    assert origin.quality.associated_station_count is None


@pytest.mark.parametrize(("old", "new"), [("110.261", "NaN"), ("110.261", "-1"), ("RotCW 0.000000", "RotCW inf")])
def test_a_covariance_that_is_none_is_not_known(old: str, new: str, tmp_path: Path) -> None:
    text = (OBSPY / "nlloc/tests/data/nlloc_v7.hyp").read_text()
    assert old in text
    (tmp_path / "a.hyp").write_text(text.replace(old, new))
    try:
        file = read_event_file(tmp_path / "a.hyp")
    except QuakeViewError:  # ObsPy takes square roots
        return
    assert file.events[0].origin.uncertainty is None


def test_a_rejected_location_of_nonlinloc_is_rejected() -> None:
    assert read_event_file(OBSPY / "nlloc/tests/data/nlloc_rejected.hyp").events[0].status is EventStatus.REJECTED


def test_hypoinverse_phases_stand_in_their_columns(tmp_path: Path) -> None:
    (event, *_), picks = both()
    write_events([event], picks[:6], tmp_path / "a.phs")
    header, first, *_, end = (tmp_path / "a.phs").read_text().splitlines()
    assert header[:36] == "201907041802551635 4285117 2977  821"
    assert (first[:5], first[5:7], first[9:12], first[13:17], first[17:29]) == (
        "CCC  ",
        "CI",
        "HHZ",
        "IPU1",
        "201907041802",
    )
    assert int(first[29:34]) == round((picks[0].time - UTCDateTime("2019-07-04T18:02:00")) * 100)
    assert (end[:62].strip(), end[62:72].strip()) == ("", "1")


def test_a_hypoinverse_archive_is_read(tmp_path: Path) -> None:
    header = card(
        {0: SUMMARY, 39: " 12 98  4   8", 73: "RID", 80: "-", 85: "  50  80", 110: "HAD", 136: "  38443095L320"}
    )
    both_phases = card(
        {
            0: "CCC  CI ZHHZ IPU0201907041702 5722  -3100 5988ES 1  12",
            63: " 75",
            74: " 120 95",
            91: " 30",
            111: "--",
        }
    )
    only_s = card({0: "TOW2 CI NHHN    4201907041702    0   0  0 6143 S 2  -4", 63: " 50", 74: " 210"})
    lines = [header, "$1 shadow", both_phases, "$ shadow", only_s, "broken line", f"{'':62}  38443095", ""]
    (tmp_path / "a.arc").write_text("\n".join(lines))
    file = read_event_file(tmp_path / "a.arc")
    (event,) = file.events
    origin = event.origin
    assert event.resource_id == "smi:local/hypoinverse/38443095"
    assert (origin.time, origin.depth, origin.depth_fixed) == (TIME, 8210, True)
    assert (origin.latitude, origin.longitude) == pytest.approx((35.71417, -117.49617), abs=1e-5)
    assert (origin.rms, origin.gap, origin.velocity_model) == (0.08, 98, "HAD")
    assert event.magnitude.kind == "ML"
    assert event.magnitude.value == 3.2
    assert [(pick.channel_id.station, pick.phase) for pick in file.picks] == [("CCC", "P"), ("CCC", "S"), ("TOW2", "S")]
    assert file.picks[0].time == UTCDateTime("2019-07-04T17:02:57.22")
    assert file.picks[0].polarity is Polarity.UP
    assert [arrival.residual for arrival in origin.arrivals] == [-0.03, 0.12, -0.04]
    assert [arrival.weight for arrival in origin.arrivals] == [1.0, 0.75, 0.5]
    assert [arrival.distance for arrival in origin.arrivals] == [12e3, 12e3, 21e3]
    assert file.notes == ["a.arc, line 6 is not a reading at a station."]


def test_principal_errors_of_hypoinverse_become_a_covariance(tmp_path: Path) -> None:
    line = card({0: SUMMARY, 39: " 12 98  4   8", 52: " 90 0 200", 61: "  0 0 100", 76: "  50"})
    (tmp_path / "a.sum").write_text(line + "\n")
    known = read_event_file(tmp_path / "a.sum").events[0].origin.uncertainty
    assert (known.east, known.north, known.depth) == pytest.approx((4e6, 1e6, 0.25e6))
    assert known.east_north == pytest.approx(0, abs=1)


def test_relocated_events_of_hypodd_are_read(tmp_path: Path) -> None:
    place = "38443095  35.714193 -117.496118  8.210  10.0 20.0 30.0  30.0  40.0  80.0 2019  7  4 17  2 60.160"
    (tmp_path / "hypoDD.reloc").write_text(f"{place} 3.1 0 0 10 8 -9.000 0.012 1\n{place} 3.1 0 0 oops 8 -9 0.012 1\n")
    file = read_event_file(tmp_path / "hypoDD.reloc")
    (event,) = file.events
    assert event.time == UTCDateTime("2019-07-04T17:03:00.16")
    assert (event.origin.depth, event.magnitude.value, event.origin.rms) == (8210, 3.1, 0.012)
    assert (event.origin.uncertainty.east, event.origin.uncertainty.depth) == (900, 6400)
    assert event.resource_id == "smi:local/hypodd/38443095"
    assert file.notes == ["hypoDD.reloc, line 2 is not an event that hypoDD relocated (18 or 24 numbers)."]
    (tmp_path / "hypoDD.loc").write_text(f"{place} 3.1 1\n")
    assert read_event_file(tmp_path / "hypoDD.loc").events[0].origin == replace(event.origin, rms=None)


def test_amplitudes_come_back_from_nordic(tmp_path: Path) -> None:
    file, losses = through(".nordic", tmp_path)
    back, known = file.events[0].amplitudes, both()[0][0].amplitudes
    assert [each.value for each in back] == pytest.approx([each.value for each in known])
    assert [each.time for each in back] == [each.time for each in known]
    assert [each.channel_id for each in back] == [each.channel_id for each in known]
    assert {pick.phase for pick in file.picks} == {"P", "S"}
    write_events(file.events, file.picks, tmp_path / "b.quakeml", [file.document])
    assert read_event_file(tmp_path / "b.quakeml").events == file.events
    assert {magnitude.kind: magnitude.value for magnitude in file.events[0].magnitudes} == {"ML": 3.1, "Mw": 3.3}
    assert "Magnitudes were rounded to 0.1." in losses


def test_a_mechanism_comes_back_from_nordic_with_its_quality_in_the_file(tmp_path: Path) -> None:
    file, losses = through(".nordic", tmp_path)
    found = file.events[0].mechanism
    assert (found.strike, found.dip, found.rake) == pytest.approx((321.5, 82.2, -178.0), abs=0.11)
    (line, _) = (line for line in (tmp_path / "a.nordic").read_text().splitlines() if line[79:] == "F")
    assert line[77] == "A"
    assert not any("mechanism" in loss for loss in losses)


def test_a_file_without_ids_has_the_same_ones_at_every_reading() -> None:
    path = OBSPY / "nordic/tests/data/01-0411-15L.S201309"
    first, second = read_event_file(path), read_event_file(path)
    assert first.events == second.events
    assert first.picks == second.picks
    assert first.document == second.document


@pytest.mark.parametrize(
    "name",
    [
        "nordic/tests/data/dos-file.sfile", "hypodd/tests/data/60s_nan.pha", "iaspei/tests/data/ipe202409sel_ims.txt",
        "pde/tests/data/mchedr.dat", "sh/tests/data/local2.evt", "seiscomp/tests/data/westaus_events_0.14",
        "cmtsolution/tests/data/MULTIPLE_EVENTS", "zmap/tests/data/zmap_events.txt", "csv/tests/data/events.txt",
        "scardec/tests/data/test.scardec", "nied/tests/data/FNETMTCATALOG",
    ],
)  # fmt: skip
def test_catalogues_of_other_formats_become_quakeml_and_come_back(name: str, tmp_path: Path) -> None:
    file = read_event_file(OBSPY / name)
    assert file.events
    write_events(file.events, file.picks, tmp_path / "out.quakeml", [file.document])
    back = read_event_file(tmp_path / "out.quakeml")
    assert back.events == file.events
    assert back.picks == file.picks


def test_what_obspy_leaves_out_is_told() -> None:
    file = read_event_file(OBSPY / "ndk/tests/data/faulty_multiple_events.ndk")
    assert len(file.events) == 1
    assert sum("skipped" in note for note in file.notes) == 6


def test_bad_events_of_a_catalogue_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    event = (
        '<event publicID="smi:x/{id}"><origin publicID="smi:x/{id}/o"><time><value>{time}</value></time>'
        "<latitude><value>{latitude}</value></latitude><longitude><value>2</value></longitude></origin></event>"
    )
    day = "2020-01-01T00:00:00Z"
    events = [
        event.format(id="good", time=day, latitude=1),
        event.format(id="month", time="2020-13-01T00:00:00Z", latitude=1),
        event.format(id="nan", time=day, latitude="NaN"),
        event.format(id="good", time=day, latitude=5),
        event.format(id="good", time=day, latitude=1),
    ]
    namespaces = 'xmlns:q="http://quakeml.org/xmlns/quakeml/1.2" xmlns="http://quakeml.org/xmlns/bed/1.2"'
    whole = (
        f'<q:quakeml {namespaces}><eventParameters publicID="smi:x/y">{"".join(events)}</eventParameters></q:quakeml>'
    )
    (tmp_path / "a.xml").write_text(whole)
    file = read_event_file(tmp_path / "a.xml")
    assert [(each.resource_id, each.origin.latitude) for each in file.events] == [
        ("smi:x/good", 1),
        ("smi:x/good-2", 5),
    ]
    told = " ".join(file.notes)
    for part in ("'2020-13-01T00:00:00Z' could not be read", "NaN of latitude", "became smi:x/good-2", "was read once"):
        assert part in told
    assert told.count("has no origin with a time and a place") == 2


def test_an_unknown_suffix_and_a_broken_file_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(QuakeViewError, match=r"Events are written as .* not as '.docx'"):
        write_events([], [], tmp_path / "a.docx")
    (tmp_path / "a.xml").write_bytes(b"\x00\x01")
    with pytest.raises(QuakeViewError, match="not a QuakeML file"):
        read_event_file(tmp_path / "a.xml")


@pytest.mark.parametrize("suffix", [".hyp", ".phs", ".pha"])
def test_a_zero_that_was_not_measured_is_told(suffix: str, tmp_path: Path) -> None:
    event, picks = earthquake()
    shallow = event.with_(origin=replace(event.origin, depth=None), magnitudes=())
    losses = write_events([shallow], picks, tmp_path / f"a{suffix}")
    assert "1 event has no depth: 0 was written." in losses
    assert ("1 event has no magnitude: 0 was written." in losses) == (suffix == ".pha")


def test_who_located_comes_back_from_nonlinloc(tmp_path: Path) -> None:
    file, _ = through(".hyp", tmp_path)
    assert [event.origin.author for event in file.events] == ["QuakeView 0.1"] * 2
    assert [event.resource_id for event in file.events] == [event.resource_id for event in both()[0]]


def test_events_of_a_catalogue_imported_earlier() -> None:
    file = read_event_file(OBSPY / "seiscomp/tests/data/westaus_events.xml")
    assert events_of(file.document) == file.events


def test_a_time_beyond_the_calendar_is_told(tmp_path: Path) -> None:
    text = (OBSPY / "cmtsolution/tests/data/CMTSOLUTION").read_text()
    (tmp_path / "a.cmt").write_text(text.replace("5.7300", "999999999999"))
    file = read_event_file(tmp_path / "a.cmt")
    assert len(file.events) == 1  # it has another origin
    assert "a.cmt: A time beyond the calendar was left out." in file.notes


@pytest.mark.parametrize("suffix", [".obs", ".hyp", ".phs", ".pha", ".nordic"])
def test_picks_of_no_station_or_rejected_ones_are_told(suffix: str, tmp_path: Path) -> None:
    event, picks = earthquake()
    nowhere = picks[0].with_(channel_id=ChannelId("?", "?", "?", "?"))
    rejected = picks[1].with_(status=PickStatus.REJECTED)
    losses = write_events([event], [nowhere, rejected, *picks[2:]], tmp_path / f"a{suffix}")
    assert len(read_event_file(tmp_path / f"a{suffix}").picks) == 4
    assert sum("no picks without a station: 1 was left out" in loss for loss in losses) == 1
    assert sum("rejected pick" in loss and "1" in loss for loss in losses) == 1


def test_names_are_suggested() -> None:
    event, other = earthquake(1)[0], earthquake(30)[0]
    assert suggested_name([event], ".quakeml") == "20190704T180255_M3.1.quakeml"
    assert suggested_name([event.with_(magnitudes=())], ".hyp") == "20190704T180255.hyp"
    assert suggested_name([event, event], ".csv") == "events_2019-07-04.csv"
    assert suggested_name([other, event], ".csv") == "events_2019-07-04_2019-07-05.csv"
    assert suggested_name([], ".csv") == "events.csv"


@pytest.mark.parametrize("suffix", [".quakeml", ".obs", ".hyp", ".phs", ".nordic"])
def test_a_pick_that_a_person_left_out_stays_left_out(suffix: str, tmp_path: Path) -> None:
    event, picks = earthquake(1)
    (out, *others) = sorted(picks, key=lambda pick: pick.time)
    write_events([event], [out.with_(used=False), *others], tmp_path / f"a{suffix}")
    back = [pick for pick in read_event_file(tmp_path / f"a{suffix}").picks if pick.phase in "PS"]
    assert len(back) == len(picks)
    left = [pick for pick in back if not pick.used]
    assert [(pick.channel_id.station, pick.phase) for pick in left] == [(out.channel_id.station, out.phase)]


@pytest.mark.parametrize("suffix", [".quakeml", ".obs", ".hyp", ".nordic"])
def test_later_phases_keep_their_names_and_onsets(suffix: str, tmp_path: Path) -> None:
    event, picks = earthquake(1)
    named = [
        pick.with_(phase=f"{pick.phase}{letter}", onset=onset)
        for pick, letter, onset in zip(picks, "ngng", ("impulsive", "emergent") * 2, strict=False)
    ]
    arrivals = {pick.resource_id: pick.phase for pick in named}
    origin = replace(
        event.origin, arrivals=tuple(replace(a, phase=arrivals.get(a.pick_id, a.phase)) for a in event.origin.arrivals)
    )
    write_events([event.with_(origin=origin)], named, tmp_path / f"a{suffix}")
    back = [(p.channel_id.station, p.phase, p.onset) for p in read_event_file(tmp_path / f"a{suffix}").picks]
    assert {(p.channel_id.station, p.phase, p.onset) for p in named} <= set(back)


@pytest.mark.parametrize("suffix", [".phs", ".pha"])
def test_a_format_that_knows_p_and_s_alone_says_which_names_it_lost(suffix: str, tmp_path: Path) -> None:
    event, picks = earthquake(1)
    named = [pick.with_(phase="Pg") if pick.phase == "P" else pick for pick in picks]
    arrivals = tuple(replace(a, phase="Pg") if a.phase == "P" else a for a in event.origin.arrivals)
    event = event.with_(origin=replace(event.origin, arrivals=arrivals))
    assert any(
        "written as P and S" in loss and "Pg" in loss for loss in write_events([event], named, tmp_path / f"a{suffix}")
    )
