"""Foreign QuakeML: what QuakeView does not know stays in the file."""

import contextlib
import io
import re
import warnings
from pathlib import Path

import obspy
import pytest
from obspy import UTCDateTime
from obspy.core import event as quakeml

from quakeview.monitoring.exchange import PickFile, read_pick_file, read_picks, write_picks
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus, Polarity
from quakeview.monitoring.quakeml import NAMESPACE, UNASSOCIATED_EVENT
from quakeview.waveforms.channels import ChannelId

OBSPY = Path(obspy.__file__).parent
DATA = OBSPY / "io/quakeml/tests/data"
TIME = UTCDateTime(2024, 1, 1)


def write_and_read(file: PickFile, picks: list[Pick], tmp_path: Path) -> obspy.Catalog:
    assert file.document is not None
    write_picks(picks, tmp_path / "out.xml", [file.document])
    return obspy.read_events(tmp_path / "out.xml")


@pytest.fixture
def located(tmp_path: Path) -> Path:
    """An event with two picks, an origin that uses both, an amplitude, and a second event without picks."""
    network_code = quakeml.WaveformStreamID("CH", "DAVOX", "", "HHZ")
    picks = [
        quakeml.Pick(
            resource_id="smi:ch.ethz.sed/pick/p",
            time=TIME,
            time_errors=quakeml.QuantityError(lower_uncertainty=0.05, upper_uncertainty=0.2, confidence_level=68.0),
            waveform_id=network_code,
            phase_hint="Pn",
            polarity="positive",
            evaluation_mode="automatic",
            evaluation_status="preliminary",
            method_id="smi:ch.ethz.sed/method/baer",
            horizontal_slowness=12.5,
            backazimuth=77.0,
            comments=[quakeml.Comment(text="first"), quakeml.Comment(text="second")],
            creation_info=quakeml.CreationInfo(agency_id="SED", author="Erika Mustermann"),
        ),
        quakeml.Pick(resource_id="smi:ch.ethz.sed/pick/s", time=TIME + 5, waveform_id=network_code, phase_hint="Sg"),
    ]
    origin = quakeml.Origin(
        time=TIME - 10, latitude=46.8, longitude=9.9, depth=8000.0,
        arrivals=[quakeml.Arrival(pick_id=pick.resource_id, phase=pick.phase_hint) for pick in picks],
    )  # fmt: skip
    amplitude = quakeml.Amplitude(generic_amplitude=1e-6, pick_id=picks[1].resource_id, waveform_id=network_code)
    event = quakeml.Event(picks=picks, origins=[origin], amplitudes=[amplitude], event_type="earthquake")
    event.preferred_origin_id = origin.resource_id
    catalog = obspy.Catalog([event, quakeml.Event(event_type="explosion")], description="two events")
    catalog.write(tmp_path / "located.xml", format="QUAKEML")
    return tmp_path / "located.xml"


def catalogues(room: str) -> list[Path]:
    """The files in a room of ObsPy's test data that ObsPy reads as catalogues, whole."""
    found = []
    for path in sorted((OBSPY / room).glob("**/tests/data/**/*")):
        if path.is_file() and path.suffix not in (".csv", ".obs") and path.stem != "usgs_event":
            with warnings.catch_warnings(action="ignore"), contextlib.suppress(Exception):
                obspy.read_events(path)
                found.append(path)
    return found


@pytest.mark.parametrize("path", sorted(OBSPY.glob("io/*/tests/data/**/usgs_event.*")), ids=lambda path: path.name)
def test_an_event_of_a_type_that_obspy_leaves_out_is_exported_once(path: Path, tmp_path: Path) -> None:
    file = read_pick_file(path)
    assert file.notes == [f"{path.name}: event type 'quarry' became 'quarry blast'."]
    catalog = write_and_read(file, list(file.picks), tmp_path)
    assert [event.event_type for event in catalog] == ["quarry blast", "quarry blast"]
    assert len({event.resource_id.id for event in catalog}) == 2
    assert [len(event.origins) for event in catalog] == [1, 1]


def contents(catalog: obspy.Catalog) -> str:
    """All that QuakeML can say of a catalogue, as text. ObsPy makes up ids and times of creation for what has none,
    others at each reading: ids are numbered. Picks of no event, which ObsPy leaves out, are left out here too."""
    catalog.events = [event for event in catalog if event.resource_id != UNASSOCIATED_EVENT]
    with warnings.catch_warnings(action="ignore"):
        for _ in range(2):
            text = io.BytesIO()
            catalog.write(text, format="QUAKEML", nsmap={"quakeview": NAMESPACE})
            catalog = obspy.read_events(io.BytesIO(text.getvalue()))
    numbers: dict[str, str] = {}
    written = re.sub("<creationTime>.*?</creationTime>", "", text.getvalue().decode())
    pattern = r"(?:smi|quakeml):[^\"<]+"
    return re.sub(pattern, lambda match: numbers.setdefault(match[0], f"id{len(numbers)}"), written)


@pytest.mark.parametrize(
    ("room", "number"),
    [
        ("core", 3), ("io/quakeml", 14), ("io/seiscomp", 40), ("io/nordic", 17), ("io/nlloc", 8), ("io/focmec", 5),
        ("io/ndk", 5), ("io/cmtsolution", 4), ("io/iaspei", 4), ("io/sh", 4), ("io/zmap", 3), ("io/hypodd", 2),
        ("io/scardec", 2), ("io/cnv", 1), ("io/csv", 1), ("io/nied", 1), ("io/pde", 1), ("io/gse2", 3),
    ],
)  # fmt: skip
def test_every_catalogue_of_obspy_comes_back_identical(room: str, number: int, tmp_path: Path) -> None:
    paths = catalogues(room)
    assert len(paths) >= number
    for path in paths:
        with warnings.catch_warnings(action="ignore"):
            original = obspy.read_events(path)
            file = read_pick_file(path)
            back = write_and_read(file, list(file.picks), tmp_path)
        assert back == original or contents(back) == contents(original), path.name


def test_what_quakeml_does_not_allow_is_said(tmp_path: Path) -> None:
    assert any("depth_type" in note for note in read_pick_file(DATA / "invalid_enum.xml").notes)
    assert read_pick_file(DATA / "usgs_event.xml").notes == [
        "usgs_event.xml: event type 'quarry' became 'quarry blast'."
    ]


def test_no_pick_is_lost_with_an_unknown_kind_of_event(located: Path, tmp_path: Path) -> None:
    located.write_text(located.read_text().replace(">earthquake<", ">meteor_shower<"))
    file = read_pick_file(located)
    assert len(file.picks) == 2
    catalog = write_and_read(file, list(file.picks), tmp_path)
    assert [event.event_type for event in catalog] == ["other event", "explosion"]
    assert len(catalog[0].picks) == 2


def test_a_negative_uncertainty_is_none(located: Path, tmp_path: Path) -> None:
    located.write_text(located.read_text().replace(">0.05<", ">-1.0<"))
    file = read_pick_file(located)
    assert file.picks[0].lower_uncertainty is None
    assert write_and_read(file, list(file.picks), tmp_path)[0].picks[0].time_errors.lower_uncertainty == -1.0


def test_a_foreign_pick_as_quakeview_sees_it(located: Path) -> None:
    first, second = read_picks(located)
    assert first == Pick(
        ChannelId("CH", "DAVOX", "", "HHZ"), "Pn", TIME, PickStatus.AUTOMATIC,
        lower_uncertainty=0.05, upper_uncertainty=0.2, polarity=Polarity.UP,
        model="Erika Mustermann", comment="first", resource_id="smi:ch.ethz.sed/pick/p",
    )  # fmt: skip
    assert (second.phase, second.status) == ("Sg", PickStatus.AUTOMATIC)


def test_unknown_codes_are_not_empty_codes() -> None:
    assert [pick.channel_id for pick in read_picks(DATA / "quakeml_1.2_pick.xml")] == [
        ("BW", "FUR", UNKNOWN, UNKNOWN),
        ("NZ", "BKZ", UNKNOWN, "HHZ"),
    ]


@pytest.mark.parametrize(
    ("mode", "status", "expected"),
    [
        ("manual", None, PickStatus.MANUAL),
        ("manual", "confirmed", PickStatus.MANUAL),
        ("manual", "rejected", PickStatus.REJECTED),
        ("automatic", "preliminary", PickStatus.AUTOMATIC),
        ("automatic", "reviewed", PickStatus.CONFIRMED),
        ("automatic", "rejected", PickStatus.REJECTED),
        (None, None, PickStatus.AUTOMATIC),
    ],
)
def test_status_of_foreign_picks(mode: str | None, status: str | None, expected: PickStatus, tmp_path: Path) -> None:
    pick = quakeml.Pick(time=TIME, evaluation_mode=mode, evaluation_status=status)
    obspy.Catalog([quakeml.Event(picks=[pick])]).write(tmp_path / "in.xml", format="QUAKEML")
    file = read_pick_file(tmp_path / "in.xml")
    assert file.picks[0].status is expected
    catalog = write_and_read(file, list(file.picks), tmp_path)
    assert (catalog[0].picks[0].evaluation_mode, catalog[0].picks[0].evaluation_status) == (mode, status)


def test_an_edited_pick_keeps_the_rest_of_its_file(located: Path, tmp_path: Path) -> None:
    file = read_pick_file(located)
    edited = file.picks[0].moved(TIME + 0.4).with_(polarity=Polarity.DOWN, comment="clearer here")
    catalog = write_and_read(file, [edited, file.picks[1]], tmp_path)

    expected = obspy.read_events(located)
    pick = expected[0].picks[0]
    pick.time = TIME + 0.4
    pick.polarity, pick.evaluation_mode, pick.evaluation_status = "negative", "manual", None
    pick.time_errors.lower_uncertainty = pick.time_errors.upper_uncertainty = None
    pick.comments[0].text = "clearer here"
    assert catalog == expected
    assert read_picks(tmp_path / "out.xml")[0] == edited
    assert (edited.model, edited.lower_uncertainty) == ("", None)


def test_a_removed_pick_takes_its_arrival_along(located: Path, tmp_path: Path) -> None:
    file = read_pick_file(located)
    event = write_and_read(file, [file.picks[0]], tmp_path)[0]
    assert [pick.phase_hint for pick in event.picks] == ["Pn"]
    assert [arrival.phase for arrival in event.origins[0].arrivals] == ["Pn"]
    assert event.amplitudes[0].generic_amplitude == 1e-6
    assert event.amplitudes[0].pick_id is None


def test_a_new_pick_is_not_given_to_an_event_it_may_not_belong_to(located: Path, tmp_path: Path) -> None:
    file = read_pick_file(located)
    new = Pick(ChannelId("CH", "DAVOX", "00", "HHZ"), "P", TIME + 3600)
    catalog = write_and_read(file, [*file.picks, new], tmp_path)
    assert [event.event_type for event in catalog] == ["earthquake", "explosion", None]
    assert catalog[2].resource_id == UNASSOCIATED_EVENT
    assert [pick.resource_id for pick in catalog[2].picks] == [new.resource_id]
    assert catalog[2].picks[0].waveform_id.location_code == "00"


def test_a_later_file_replaces_the_events_it_shares(located: Path, tmp_path: Path) -> None:
    first = read_pick_file(located)
    relocated = obspy.read_events(located)[:1]
    relocated[0].origins[0].depth = 9000.0
    relocated.write(tmp_path / "relocated.xml", format="QUAKEML")
    second = read_pick_file(tmp_path / "relocated.xml")
    write_picks(first.picks, tmp_path / "out.xml", [first.document, second.document])
    catalog = obspy.read_events(tmp_path / "out.xml")
    assert [event.event_type for event in catalog] == ["earthquake", "explosion"]
    assert catalog[0].origins[0].depth == 9000.0


def test_picks_without_identity_are_the_same_at_every_reading(tmp_path: Path) -> None:
    text = (DATA / "quakeml_1.2_pick.xml").read_text().replace(' publicID="smi:ch.ethz.sed/pick/117634"', "")
    (tmp_path / "in.xml").write_text(text)
    file = read_pick_file(tmp_path / "in.xml")
    assert file.picks == read_pick_file(tmp_path / "in.xml").picks
    assert len(write_and_read(file, list(file.picks), tmp_path)[0].picks) == 2


def test_other_catalogues_of_obspy_can_be_imported(tmp_path: Path) -> None:
    file = read_pick_file(Path(obspy.__file__).parent / "io/nlloc/tests/data/nlloc.hyp")
    assert len(file.picks) == 5
    catalog = write_and_read(file, list(file.picks), tmp_path)
    assert len(catalog) == 1
    assert len(catalog[0].origins[0].arrivals) == 5


def test_what_is_written_is_valid_quakeml(tmp_path: Path) -> None:
    write_picks([Pick(ChannelId("CH", "DAVOX", "", "HHZ"), "P", TIME, probability=0.5)], tmp_path / "out.xml")
    catalog = obspy.read_events(tmp_path / "out.xml")
    catalog.write(io.BytesIO(), format="QUAKEML", validate=True, nsmap=catalog.nsmap)
