"""The order of stations when neither event nor coordinates are known: by the picks of one earthquake."""

from obspy import UTCDateTime

from quakeview.app.waveforms.ordering import by_distance
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.waveforms.channels import ChannelId, Instrument

START = 1_577_836_800.0


def pick(code: str, phase: str, seconds: float, **more) -> Pick:
    letter = "Z" if phase == "P" else "N"
    return Pick(ChannelId("XX", code, "", f"BH{letter}"), phase, UTCDateTime(START + seconds), **more)


def station(code: str) -> Instrument:
    return Instrument("XX", code, "", "BH")


STATIONS = [station(code) for code in ("A", "B", "C")]
EVENT = [
    event
    for code, p, delay in (("C", 1000, 3.0), ("B", 1002, 6.0), ("A", 1005, 10.0))
    for event in (pick(code, "P", p), pick(code, "S", p + delay))
]


def order(picks: list[Pick]) -> tuple[list[str], str]:
    found = by_distance(STATIONS, picks, {}, None)
    return [station.station for station in found.stations], found.label


def test_by_s_minus_p_of_the_event():
    names, label = order(EVENT)
    assert names == ["C", "B", "A"]
    assert "S−P" in label


def test_stray_picks_before_and_after_the_event_do_not_count():
    stray = [pick("A", "P", 20), pick("A", "S", 21), pick("C", "P", 5), pick("C", "S", 45), pick("B", "S", 5000)]
    assert order([*stray, *EVENT])[0] == ["C", "B", "A"]


def test_of_two_p_in_the_event_the_more_probable_one_counts():
    noise = pick("C", "P", 990, status=PickStatus.AUTOMATIC, probability=0.31)
    assert by_distance(STATIONS, [noise, *EVENT], {}, None).subtitles[station("C")] == "S−P 3.0 s"


def test_picks_of_stations_that_are_not_open_and_rejected_ones_do_not_count():
    others = [pick(f"X{number}", "P", 3000 + number) for number in range(9)]
    rejected = [pick(code, "P", 6000, status=PickStatus.REJECTED) for code in "ABC"]
    assert order([*others, *rejected, *EVENT])[0] == ["C", "B", "A"]


def test_by_first_p_where_there_is_no_s():
    names, label = order([event for event in EVENT if event.phase == "P"] + [pick("A", "P", 1)])
    assert names == ["C", "B", "A"]
    assert "first P" in label


def test_by_name_without_picks():
    names, label = order([])
    assert names == ["A", "B", "C"]
    assert "needs an event" in label
