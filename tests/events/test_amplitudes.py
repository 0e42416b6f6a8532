from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.amplitudes import (
    ALONE,
    CLIPPED,
    GAP,
    NOISY,
    TOGETHER,
    Records,
    measure,
    size,
    windows,
    with_amplitude_at,
)
from quakeview.events.attenuation_laws import LAWS
from quakeview.events.event import Amplitude, Arrival, Event, Origin
from quakeview.events.magnitudes import distances, local_magnitude
from quakeview.events.travel_times import travel_times
from quakeview.events.velocity_models import PUBLISHED, P, S
from quakeview.jobs import Progress
from quakeview.monitoring.picks import Pick
from quakeview.stations.book import StationBook
from quakeview.stations.coordinates import Coordinates
from quakeview.stations.ground_motion import wood_anderson
from quakeview.stations.inventories import StationFile
from quakeview.stations.station_lists import read_station_list
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId

RATE, GAIN, FREQUENCY = 100.0, 1e9, 4.0
BEGIN = UTCDateTime("2024-05-01T12:00:00")
STATION, PLACE = ("XX", "ABC"), Coordinates(35.2, -117.0, 500.0)
TIMES = travel_times(PUBLISHED["Southern California"])
EVENT = Event(Origin(BEGIN + 40, 35.0, -117.0, 8000.0))
PEAK = 3e-6
"""Largest displacement of the ground, m."""

Change = Callable[[np.ndarray], None]


def arrival(phase: str, event: Event = EVENT) -> float:
    """Seconds after ``BEGIN``."""
    away = distances(event.origin, [PLACE])
    travel = TIMES.first(phase, away, event.origin.depth, np.array([PLACE.elevation]))[0]
    return float(event.time - BEGIN + travel)


def burst(counts: np.ndarray, onset: float, displacement: float = PEAK) -> None:
    """Add a sine of 3 s that comes and goes, as an instrument of flat response to velocity records it."""
    t = np.arange(len(counts)) / RATE - onset
    envelope = np.where((t > 0) & (t < 3), np.sin(np.pi * np.clip(t, 0, 3) / 3) ** 2, 0)
    counts += GAIN * displacement * 2 * np.pi * FREQUENCY * envelope * np.cos(2 * np.pi * FREQUENCY * (t - 1.5))


def records(codes: str = "HHZ HHN HHE", change: Change | None = None, noise: float = 3e-10) -> Records:
    """Two minutes with an earthquake whose P has a tenth of the amplitude of its S."""
    stream = Stream()
    for number, code in enumerate(codes.split()):
        counts = np.random.default_rng(number).normal(0, GAIN * noise * 2 * np.pi * FREQUENCY, int(120 * RATE))
        burst(counts, arrival(P), PEAK / 10)
        burst(counts, arrival(S))
        if change:
            change(counts)
        header = {"network": "XX", "station": "ABC", "channel": code, "sampling_rate": RATE, "starttime": BEGIN}
        stream.append(Trace(counts, header))
    archive = Archive()
    archive.add_stream(stream, "synthetic")
    return Records(archive, book(GAIN), TIMES)


def book(gain: float | None, code: str = "XX.ABC", latitude: float = PLACE.latitude) -> StationBook:
    """A list with one station."""
    columns, values = "id,latitude,longitude,elevation_m", f"{code},{latitude},{PLACE.longitude},{PLACE.elevation}"
    if gain:
        columns, values = f"{columns},gain_counts_per_m_s", f"{values},{gain}"
    inventory, _ = read_station_list(f"{columns}\n{values}\n".encode(), "stations.csv")
    return StationBook((StationFile(Path("stations.csv"), inventory),))


def shown() -> float:
    """What a Wood-Anderson shows of the largest displacement."""
    return float(PEAK * 2 * np.pi * FREQUENCY * np.abs(wood_anderson(np.array([FREQUENCY])))[0])


def test_the_amplitude_of_a_known_motion_is_read_from_both_horizontals() -> None:
    found = measure(records(), EVENT)
    assert [each.channel_id.channel for each in found] == ["HHN", "HHE"]
    for amplitude in found:
        assert amplitude.value == pytest.approx(shown(), rel=0.02)
        assert amplitude.period == pytest.approx(1 / FREQUENCY, rel=0.03)
        assert amplitude.time - BEGIN == pytest.approx(arrival(S) + 1.5, abs=0.5 / FREQUENCY + 0.02)
        assert (amplitude.comment, amplitude.manual, amplitude.magnitude) == ("", False, None)


def test_it_makes_the_magnitude_that_the_law_gives_for_the_motion() -> None:
    law = LAWS["IASPEI"]
    _, magnitude = local_magnitude(EVENT, measure(records(), EVENT), {STATION: PLACE}, law)
    kilometres = np.hypot(distances(EVENT.origin, [PLACE])[0], 8500) / 1000
    expected = np.log10(shown() * 1e9) + 1.11 * np.log10(kilometres) + 0.00189 * kilometres - 2.09
    assert magnitude is not None
    assert magnitude.value == pytest.approx(expected, abs=0.01)


def test_where_there_is_no_horizontal_the_vertical_is_read() -> None:
    (amplitude,) = measure(records("HHZ"), EVENT)
    assert amplitude.channel_id.channel == "HHZ"
    assert amplitude.comment == ""


def test_pressure_is_no_ground_motion() -> None:
    assert measure(records("HDF"), EVENT) == []


def flat_top(counts: np.ndarray) -> None:
    np.clip(counts, -0.4 * counts.max(), 0.4 * counts.max(), out=counts)


def missing(counts: np.ndarray) -> None:
    counts[int((arrival(S) + 5) * RATE) : int((arrival(S) + 8) * RATE)] = np.nan


def late(counts: np.ndarray) -> None:
    counts[: int((arrival(P) - 1) * RATE)] = np.nan


def busy(counts: np.ndarray) -> None:
    burst(counts, arrival(P) - 4, 0.8 * PEAK)


def dead(counts: np.ndarray) -> None:
    counts[:] = 7


@pytest.mark.parametrize(
    ("change", "comment"), [(dead, NOISY), (flat_top, CLIPPED), (missing, GAP), (late, ALONE), (busy, NOISY)]
)
def test_what_spoils_an_amplitude_is_said_with_it(change: Change, comment: str) -> None:
    found = measure(records(change=change), EVENT)
    assert [each.comment for each in found] == [comment, comment]
    assert local_magnitude(EVENT, found, {STATION: PLACE}, LAWS["IASPEI"])[1] is None


def test_a_record_that_ends_before_the_p_has_no_amplitude() -> None:
    def ends(counts: np.ndarray) -> None:
        counts[int((arrival(P) - 2) * RATE) :] = np.nan

    assert measure(records(change=ends), EVENT) == []


def test_an_offset_a_drift_and_a_spike_of_telemetry_do_not_matter() -> None:
    def spoil(counts: np.ndarray) -> None:
        counts += 2e6 + 1e4 * np.arange(len(counts)) / RATE
        counts[int((arrival(S) + 6) * RATE)] += 1e9

    assert measure(records(change=spoil), EVENT)[0].value == pytest.approx(shown(), rel=0.03)


def test_the_window_ends_where_the_next_earthquake_comes() -> None:
    following = Event(Origin(EVENT.time + 8, 35.0, -117.0, 8000.0))

    def larger(counts: np.ndarray) -> None:
        burst(counts, arrival(P, following), 3 * PEAK)
        burst(counts, arrival(S, following), 30 * PEAK)

    both = records(change=larger)
    assert measure(both, EVENT)[0].value > 10 * shown()
    (window,) = windows(both, EVENT, {}, [EVENT, following]).values()
    assert window.end + 40 == pytest.approx(arrival(P, following))
    assert measure(both, EVENT, others=[EVENT, following])[0].value == pytest.approx(shown(), rel=0.02)


def test_an_earthquake_at_the_same_time_leaves_no_amplitude_that_counts() -> None:
    twin = Event(Origin(EVENT.time + 0.5, 35.0, -117.0, 8000.0))
    assert {each.comment for each in measure(records(), EVENT, others=[twin])} == {TOGETHER}
    relocated = EVENT.with_(origin=twin.origin)
    assert {each.comment for each in measure(records(), EVENT, others=[relocated])} == {""}


@pytest.mark.parametrize(
    "origin", [Origin(EVENT.time + 2.5, 35.15, -117.0, 3000.0), Origin(EVENT.time - 1.5, 35.0, -117.0, 8000.0)]
)
def test_an_s_of_another_earthquake_before_the_own_is_noise(origin: Origin) -> None:
    other = Event(origin)
    assert arrival(P) < arrival(S, other) < arrival(S)

    def also(size: float) -> list[Amplitude]:
        found = records(change=lambda counts: burst(counts, arrival(S, other) - 1, size * PEAK))
        return measure(found, EVENT, others=[other])

    assert {each.comment for each in also(1.5)} == {NOISY}
    assert also(0.2)[0].comment == ""
    assert also(0.2)[0].value == pytest.approx(shown(), rel=0.2)


def test_many_earthquakes_are_sized_in_the_order_given_each_within_its_neighbours() -> None:
    following = Event(Origin(EVENT.time + 30, 35.0, -117.0, 8000.0))

    def larger(counts: np.ndarray) -> None:
        burst(counts, arrival(P, following), PEAK)
        burst(counts, arrival(S, following), 100 * PEAK)

    both = records(change=larger)
    later, earlier = size(both, [following, EVENT], LAWS["IASPEI"])
    assert (later.time, earlier.time) == (following.time, EVENT.time)
    assert later.magnitude is not None
    assert earlier.magnitude is not None
    assert later.magnitude.value - earlier.magnitude.value == pytest.approx(2, abs=0.02)
    (learned,) = size(both, [EVENT], LAWS["IASPEI"], corrections={STATION: 0.5})
    assert learned.magnitude is not None
    assert learned.magnitude.value == pytest.approx(earlier.magnitude.value + 0.5)


def test_picks_of_the_event_come_before_predicted_times() -> None:
    pick = Pick(ChannelId("XX", "ABC", "", "HHZ"), P, BEGIN + arrival(P) - 0.7)
    other = Pick(ChannelId("XX", "ABC", "", "HHZ"), P, BEGIN + arrival(P) - 5)
    used = Arrival(pick.resource_id, P, 22e3, 0.0)
    left_out = Arrival(other.resource_id, P, 22e3, 0.0, weight=0.0)
    event = EVENT.with_(origin=Origin(EVENT.time, 35.0, -117.0, 8000.0, arrivals=(used, left_out)))
    picks = {each.resource_id: each for each in (pick, other)}
    (window,) = windows(records(), event, picks).values()
    assert window.begin == pytest.approx(pick.time - EVENT.time)
    assert window.s == pytest.approx(arrival(S) - 40)


def test_stations_without_coordinates_or_response_are_left_out_and_the_response_is_asked_for() -> None:
    archive = records().archive
    assert measure(Records(archive, StationBook(), TIMES), EVENT) == []
    said: list[str] = []

    class Listener(Progress):
        def on_log(self, text: str) -> None:
            said.append(text)

    later = EVENT.with_(origin=Origin(EVENT.time + 20, 35.0, -117.0, 8000.0))
    found = size(Records(archive, book(None), TIMES), [EVENT, later], LAWS["IASPEI"], progress=Listener())
    assert [(event.amplitudes, event.magnitude) for event in found] == [((), None)] * 2
    assert said == [f"XX.ABC..{code} is left out: the metadata do not know it at that time." for code in ("HHE", "HHN")]


def test_stations_beyond_the_tables_and_slow_records_are_left_out() -> None:
    assert measure(Records(records().archive, book(GAIN, latitude=50.0), TIMES), EVENT) == []
    archive = Archive()
    header = {"network": "XX", "station": "ABC", "channel": "LHE", "sampling_rate": 1.0, "starttime": BEGIN}
    archive.add_stream(Stream([Trace(np.ones(120), header)]), "x")
    assert measure(Records(archive, book(GAIN), TIMES), EVENT) == []


def test_an_amplitude_that_a_person_moves_is_read_there_and_stays() -> None:
    known, channel = records(), ChannelId("XX", "ABC", "", "HHN")
    event = EVENT.with_(amplitudes=tuple(measure(known, EVENT)))
    quarter = 0.25 / FREQUENCY
    moved = with_amplitude_at(known, event, channel, BEGIN + arrival(P) + 1.5)
    (automatic, manual) = moved.amplitudes
    assert automatic.channel_id.channel == "HHE"
    assert (manual.manual, manual.magnitude, manual.comment) == (True, None, "")
    window = np.arange(-quarter, quarter, 0.01)
    largest = max(
        with_amplitude_at(known, event, channel, BEGIN + arrival(P) + 1.5 + float(step)).amplitudes[-1].value
        for step in window
    )
    assert largest == pytest.approx(shown() / 10, rel=0.03)
    again = measure(known, moved)
    assert manual in again
    assert [each.manual for each in again] == [True, False]


def test_a_person_cannot_read_where_nothing_is_recorded() -> None:
    with pytest.raises(QuakeViewError, match="has no record at"):
        with_amplitude_at(records(), EVENT, ChannelId("XX", "ABC", "", "HHN"), BEGIN + 500)


def test_a_manual_amplitude_needs_no_station_to_stay() -> None:
    read = Amplitude(ChannelId("YY", "GONE", "", "HHE"), BEGIN, 1e-6, manual=True)
    assert read in measure(records(), EVENT.with_(amplitudes=(read,)))


def test_interpolated_responses_are_those_of_evalresp() -> None:
    import obspy

    stations = StationBook((StationFile(Path("BW_GR.xml"), obspy.read_inventory()),))
    channel, when = ChannelId("GR", "FUR", "", "HHN"), UTCDateTime("2012-01-01")
    frequencies = np.linspace(0.3, 47.5, 3001)
    exact = stations.response(channel, when)(frequencies)
    known = Records(Archive(), stations, TIMES)
    assert known.response(channel, when)(frequencies) == pytest.approx(exact, rel=1e-5)
    with pytest.raises(QuakeViewError, match="do not know it at that time"):
        known.response(channel, UTCDateTime("1980-01-01"))
