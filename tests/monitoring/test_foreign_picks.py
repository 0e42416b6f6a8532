"""Picks as other programs and agencies write them: read, or told with their number and what is wrong."""

from pathlib import Path

import obspy
import pytest
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.exchange import read_pick_file, write_picks
from quakeview.monitoring.picks import PickStatus, resolve_channel
from quakeview.monitoring.quakeml import UNASSOCIATED_EVENT
from quakeview.waveforms.channels import ChannelId

TIME = UTCDateTime("2024-05-01T00:00:38.2Z")
CHANNELS = [ChannelId("XX", "ABC", "", f"HH{letter}") for letter in "ZNE"]

OBS = "ABC    ?    {component:<4} ? P      ? {date} {clock} {seconds} GAU  3.70e-02 -1.00e+00 -1.00e+00 -1.00e+00\n"


def obs(date: str = "20240501", clock: str = "0000", seconds: str = "38.2", component: str = "HHZ") -> str:
    return OBS.format(date=date, clock=clock, seconds=seconds, component=component)


@pytest.mark.parametrize(
    ("line", "time"),
    [
        (obs(seconds="61.25"), "2024-05-01T00:01:01.25"),
        (obs(clock="2400", seconds="1.25"), "2024-05-02T00:00:01.25"),
        (obs(clock="0001", seconds="-1.25"), "2024-05-01T00:00:58.75"),
        (obs(clock="0060", seconds="1.25"), "2024-05-01T01:00:01.25"),
        (obs(clock=" 5 7", seconds="1.25"), "2024-05-01T05:07:01.25"),
        (obs(clock=" 507", seconds="1.25"), "2024-05-01T05:07:01.25"),
        (obs(clock="2359", seconds="3601.5"), "2024-05-02T00:59:01.5"),
        (obs(seconds="1.25e+01"), "2024-05-01T00:00:12.5"),
        (obs().replace("GAU", "BOX"), "2024-05-01T00:00:38.2"),
    ],
)
def test_times_of_a_phase_file_are_carried_over(line: str, time: str, tmp_path: Path) -> None:
    (tmp_path / "a.obs").write_text(line)
    file = read_pick_file(tmp_path / "a.obs")
    assert [pick.time for pick in file.picks] == [UTCDateTime(time)]
    assert file.notes == []


def test_only_the_bad_lines_of_a_phase_file_are_left_out_and_named(tmp_path: Path) -> None:
    lines = ["PHASE ID Ins Cmp On Pha FM Date HrMn Sec Err\n", obs(), obs(seconds="nan"), obs(date="20241350"), obs()]
    (tmp_path / "a.obs").write_text("".join(lines))
    file = read_pick_file(tmp_path / "a.obs")
    assert len(file.picks) == 2
    assert file.notes[0] == "a.obs: 2 of 4 picks could not be imported."
    assert [note[: len("a.obs, line 3")] for note in file.notes[1:]] == ["a.obs, line 3", "a.obs, line 4"]


@pytest.mark.parametrize(("letter", "channel"), [("Z", "HHZ"), ("N", "HHN"), ("E", "HHE"), ("1", None)])
def test_a_component_of_one_letter_is_the_channel_that_ends_in_it(
    letter: str, channel: str | None, tmp_path: Path
) -> None:
    (tmp_path / "a.obs").write_text(obs(component=letter))
    (pick,) = read_pick_file(tmp_path / "a.obs").picks
    found = resolve_channel(pick.channel_id, CHANNELS)
    assert (found and found.channel) == channel
    assert resolve_channel(pick.channel_id, [*CHANNELS, *(c._replace(channel=f"HN{letter}") for c in CHANNELS)]) is None


HEADER = "network,station,location,channel,phase,time"
ROW = "XX,ABC,,HHZ,P,2024-05-01T00:00:38.2"


@pytest.mark.parametrize(
    ("text", "channel", "probability"),
    [
        (f"{HEADER},probability\n{ROW},0.91\n".replace(",", ";").replace("0.91", "0,91"), "XX.ABC..HHZ", 0.91),
        (f"{HEADER}\n{ROW}\n".replace(",", "\t"), "XX.ABC..HHZ", None),
        (f"{HEADER}\n{ROW}\n".replace(",", ", "), "XX.ABC..HHZ", None),
        (f"{HEADER.title()}\n{ROW}\n", "XX.ABC..HHZ", None),
        (f"{HEADER}\n{ROW}\n".replace("00:38.2", '00:38,200"').replace("2024-", '"2024-'), "XX.ABC..HHZ", None),
        (f"{HEADER}\n{ROW}\n\n,,,,,\n".replace("2024-05-01T00:00:38.2", "1714521638.2"), "XX.ABC..HHZ", None),
        (
            "station_id,begin_time,phase_index,phase_time,phase_score,phase_type\n"
            "XX.ABC..HH,2024-05-01T00:00:00.000,3820,2024-05-01T00:00:38.200,0.913,P\n",
            "XX.ABC..HH?",
            0.913,
        ),
        (
            "trace_id,start_time,peak_time,end_time,peak_value,phase\n"
            "XX.ABC.,2024-05-01T00:00:38.1Z,2024-05-01T00:00:38.2Z,2024-05-01T00:00:38.3Z,0.9,P\n",
            "XX.ABC..?",
            0.9,
        ),
        ("id,timestamp,prob,type\nXX.ABC..HH,2024-05-01T00:00:38.200,0.5,P\n", "XX.ABC..HH?", 0.5),
        ("station,phase,time\nABC,P,2024-05-01T00:00:38.2\n", "?.ABC.?.?", None),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_tables_of_spreadsheets_and_pickers(
    text: str, channel: str, probability: float | None, encoding: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    file = read_pick_file(tmp_path / "a.csv")
    (pick,) = file.picks
    assert (str(pick.channel_id), pick.phase, pick.time, pick.probability) == (channel, "P", TIME, probability)
    assert pick.status is (PickStatus.MANUAL if probability is None else PickStatus.AUTOMATIC)
    assert file.notes == []
    if not channel.startswith("?"):
        assert resolve_channel(pick.channel_id, CHANNELS, "P") == CHANNELS[0]
        assert resolve_channel(pick.channel_id._replace(channel="HH?"), CHANNELS, "S") == CHANNELS[1]


def test_an_instrument_is_not_a_channel_without_its_phase_or_if_there_are_two() -> None:
    picked = ChannelId("XX", "ABC", "", "?")
    assert resolve_channel(picked, CHANNELS) is None
    assert resolve_channel(picked, [*CHANNELS, ChannelId("XX", "ABC", "", "HNZ")], "P") is None
    assert resolve_channel(ChannelId("?", "ABC", "?", "?"), CHANNELS, "P") is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2024-05-01T00:00:38.2", "5/1/2024 0:00:38", "line 2: time '5/1/2024 0:00:38'"),
        ("2024-05-01T00:00:38.2", "2024-05-01", "line 2: time '2024-05-01'"),
        ("2024-05-01T00:00:38.2", "20240501", "line 2: time '20240501'"),
        ("ABC", "A\0BC", "line 2: station"),
        (",time", ",when", "lacks time"),
        (HEADER, HEADER.replace(",", " "), "separated by a comma, a semicolon or a tab"),
    ],
)
def test_what_cannot_be_read_is_named(old: str, new: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{ROW}\n".replace(old, new))
    with pytest.raises(QuakeViewError) as caught:
        read_pick_file(tmp_path / "a.csv")
    assert words in str(caught.value)


def test_good_lines_of_a_table_are_read_and_the_others_counted(tmp_path: Path) -> None:
    bad = ROW.replace("2024-05-01T00:00:38.2", "now")
    (tmp_path / "a.csv").write_text("\n".join([HEADER, ROW, *[bad] * 12, ROW]) + "\n")
    file = read_pick_file(tmp_path / "a.csv")
    assert len(file.picks) == 2
    assert file.notes[0] == "a.csv: 12 of 14 picks could not be imported."
    assert file.notes[1].startswith("a.csv, line 3: time 'now'")
    assert file.notes[-1] == "a.csv: 2 more of this kind."


def pick(
    identity: str = "smi:x/p1",
    channel: str = 'networkCode="XX" stationCode="ABC" channelCode="HHZ"',
    time: str = "2024-05-01T00:00:38.2Z",
    phase: str = "P",
) -> str:
    identity = f' publicID="{identity}"' if identity else ""
    return (
        f"<pick{identity}><time><value>{time}</value></time><waveformID {channel}/>"
        f"<phaseHint>{phase}</phaseHint><evaluationMode>automatic</evaluationMode></pick>"
    )


def quakeml(inside: str, outside: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><q:quakeml xmlns:q="http://quakeml.org/xmlns/quakeml/1.2" '
        'xmlns="http://quakeml.org/xmlns/bed/1.2"><eventParameters publicID="smi:x/ep">'
        f'<event publicID="smi:x/e1">{inside}</event>{outside}</eventParameters></q:quakeml>'
    )


def seiscomp(inside: str, version: str = "0.12", schema: str = "seiscomp3-schema") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<seiscomp xmlns="http://geofon.gfz-potsdam.de/ns/{schema}/{version}" '
        f'version="{version}"><EventParameters>{inside}</EventParameters></seiscomp>'
    )


@pytest.mark.parametrize(
    ("time", "read"),
    [
        ("2024-05-01T00:00:60.2Z", "2024-05-01T00:01:00.2Z"),
        ("2024-05-01T00:00:38,2Z", "2024-05-01T00:00:38.2Z"),
        ("2024-05-01T24:00:01.5", "2024-05-02T00:00:01.5Z"),
        ("2024-05-01T02:00:60+02:00", "2024-05-01T00:01:00Z"),
        ("2024-05-01T02:00:38.2+02:00", "2024-05-01T00:00:38.2Z"),
    ],
)
def test_times_of_a_catalogue_are_carried_over(time: str, read: str, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(quakeml(pick(time=time)))
    file = read_pick_file(tmp_path / "a.xml")
    assert [found.time for found in file.picks] == [UTCDateTime(read)]
    assert not file.notes or f"{time!r} of pick smi:x/p1 is read as" in file.notes[0]


def test_a_pick_of_a_catalogue_without_a_readable_time_is_told(tmp_path: Path) -> None:
    text = quakeml(pick(time="yesterday") + pick("smi:x/p2") + pick("smi:x/p3", time=""))
    (tmp_path / "a.xml").write_text(text)
    file = read_pick_file(tmp_path / "a.xml")
    assert [found.resource_id for found in file.picks] == ["smi:x/p2"]
    assert file.notes == [
        "a.xml: 2 of 3 picks could not be imported.",
        "a.xml: the time 'yesterday' of pick smi:x/p1 cannot be read.",
        "a.xml: pick smi:x/p3 has no time.",
    ]


def test_two_picks_of_one_publicid_are_two(tmp_path: Path) -> None:
    text = quakeml(pick() + pick(time="2024-05-01T00:00:48.2Z") + pick())
    (tmp_path / "a.xml").write_text(text)
    file = read_pick_file(tmp_path / "a.xml")
    assert [found.time - TIME for found in file.picks] == [0, 10]
    assert file.notes == ["a.xml: two picks have the publicID smi:x/p1; the later one became smi:x/p1-2."]
    write_picks(file.picks, tmp_path / "out.xml", [file.document])
    assert len(read_pick_file(tmp_path / "out.xml").picks) == 2


@pytest.mark.parametrize(
    "codes",
    [
        'networkCode="XX" stationCode="ABC" locationCode="--" channelCode="HHZ"',
        'networkCode="XX" stationCode="ABC" locationCode="  " channelCode="HHZ"',
        'networkCode="XX" stationCode="ABC" locationCode="" channelCode="HH"',
        'networkCode="" stationCode="ABC" channelCode="HHZ"',
        'networkCode="XX" stationCode="ABC" channelCode="Z"',
    ],
)
def test_codes_of_a_catalogue_are_kept_and_find_their_channel(codes: str, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(quakeml(pick(channel=codes)))
    file = read_pick_file(tmp_path / "a.xml")
    assert resolve_channel(file.picks[0].channel_id, CHANNELS, "P") == CHANNELS[0]
    write_picks(file.picks, tmp_path / "out.xml", [file.document])
    before, after = (obspy.read_events(path)[0].picks[0] for path in (tmp_path / "a.xml", tmp_path / "out.xml"))
    assert before.waveform_id == after.waveform_id


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", b" \r\n"])
def test_what_stands_before_the_xml_declaration_is_no_obstacle(before: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(before + quakeml(pick()).encode())
    assert len(read_pick_file(tmp_path / "a.xml").picks) == 1


def test_picks_beside_the_events_are_imported_once(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(quakeml(pick(), outside=pick("smi:x/p2") + pick("smi:x/p3", phase="S")))
    file = read_pick_file(tmp_path / "a.xml")
    assert [found.resource_id for found in file.picks] == ["smi:x/p1", "smi:x/p2", "smi:x/p3"]
    write_picks(file.picks, tmp_path / "out.xml", [file.document])
    first, second = obspy.read_events(tmp_path / "out.xml")
    assert (len(first.picks), len(second.picks), second.resource_id.id) == (1, 2, UNASSOCIATED_EVENT)


ORIGIN = (
    '<origin publicID="O1"><time><value>2024-05-01T00:00:30.0Z</value></time><latitude><value>47</value></latitude>'
    "<longitude><value>12</value></longitude><arrival><pickID>P1</pickID><phase>P</phase></arrival></origin>"
)
EVENT = '<event publicID="E1"><preferredOriginID>O1</preferredOriginID><originReference>O1</originReference></event>'


@pytest.mark.parametrize("rest", ["", ORIGIN, ORIGIN + EVENT])
@pytest.mark.parametrize(
    ("version", "schema"),
    [
        ("0.7", "seiscomp3-schema"),
        ("0.12", "seiscomp3-schema"),
        ("0.14", "seiscomp3-schema"),
        ("0.15", "seiscomp-schema"),
    ],
)
def test_all_picks_of_seiscomp_arrive(rest: str, version: str, schema: str, tmp_path: Path) -> None:
    others = pick("P2", time="2024-05-01T00:00:39.3Z", phase="S") + pick("P3", time="2024-05-01T00:00:48.2Z")
    (tmp_path / "a.xml").write_text(seiscomp(pick("P1") + others + rest, version, schema))
    file = read_pick_file(tmp_path / "a.xml")
    found = sorted((pick.phase, round(pick.time - TIME, 3)) for pick in file.picks)
    assert found == [("P", 0), ("P", 10), ("S", 1.1)]
    assert {pick.status for pick in file.picks} == {PickStatus.AUTOMATIC}
    assert read_pick_file(tmp_path / "a.xml").picks == file.picks
    write_picks(file.picks, tmp_path / "out.xml", [file.document])
    assert sorted(read_pick_file(tmp_path / "out.xml").picks, key=str) == sorted(file.picks, key=str)


@pytest.mark.parametrize(
    ("foreign", "standard"),
    [
        ("quarry", "quarry blast"),
        ("QUARRY", "quarry blast"),
        ("mining blast", "mining explosion"),
        ("rockburst", "rock burst"),
        ("sonic-boom", "sonic boom"),
        ("spaceship", "other event"),
    ],
)
def test_event_types_are_spelt_as_quakeml_does(foreign: str, standard: str, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(quakeml(pick() + f"<type>{foreign}</type>"))
    file = read_pick_file(tmp_path / "a.xml")
    assert file.notes == [f"a.xml: event type {foreign!r} became {standard!r}."]
    write_picks(file.picks, tmp_path / "out.xml", [file.document])
    (event,) = obspy.read_events(tmp_path / "out.xml")
    assert event.event_type == standard
