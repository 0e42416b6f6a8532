"""Annotation with a picker whose answer is known: it marks the spikes that the test puts into the record."""

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime, read

from quakeview.jobs import Cancelled, Progress
from quakeview.monitoring import annotate
from quakeview.monitoring.annotate import annotate_station, pick_archive
from quakeview.monitoring.onset_peaks import Thresholds
from quakeview.monitoring.picks import PickStatus
from quakeview.monitoring.stitching import Windowing
from quakeview.waveforms.archive import Archive

START = UTCDateTime(2024, 5, 1, 3)
BELL = np.exp(-0.5 * (np.arange(-20, 21) / 5.0) ** 2)


class SpikePicker:
    """P where the vertical spikes, S where the first horizontal does."""

    name, sampling_rate, window_samples, batch_size = "spikes", 50.0, 1024, 4
    windowing = Windowing()

    def uncertainty(self, phase, probability):
        return {"P": 0.05, "S": 0.1}[phase]

    def probabilities(self, windows):
        found = np.zeros((len(windows), 2, self.window_samples), np.float32)
        for window, curves in zip(windows, found, strict=True):
            for curve, component in zip(curves, window[:2], strict=True):
                if np.abs(component).max() > 15:
                    curve[:] = np.convolve(np.abs(component) == np.abs(component).max(), 0.9 * BELL, mode="same")
        return found


def trace(component, spikes, seconds=600.0, rate=50.0, station="AAA", start=START, band="HH"):
    data = np.random.default_rng(ord(component)).normal(size=int(seconds * rate)).astype(np.float32)
    for second in spikes:
        data[round(second * rate)] = 200.0
    header = {"network": "XX", "station": station, "location": "", "channel": f"{band}{component}"}
    return Trace(data, {**header, "sampling_rate": rate, "starttime": start})


def archive_of(*traces):
    archive = Archive()
    archive.add_stream(Stream(list(traces)), "test")
    return archive


def picked(archive, **settings):
    (station,) = archive.stations
    return annotate_station(SpikePicker(), archive, station, **settings)


def test_picks_are_found_at_their_time_on_their_channel():
    result = picked(archive_of(trace("Z", [100, 400]), trace("N", [104.5]), trace("E", [])))
    assert [(pick.phase, str(pick.channel_id)) for pick in result.picks] == [
        ("P", "XX.AAA..HHZ"),
        ("S", "XX.AAA..HHN"),
        ("P", "XX.AAA..HHZ"),
    ]
    offsets = [pick.time - START for pick in result.picks]
    np.testing.assert_allclose(offsets, [100, 104.5, 400], atol=0.021)
    assert {pick.status for pick in result.picks} == {PickStatus.AUTOMATIC}
    assert {pick.model for pick in result.picks} == {"spikes"}
    assert [pick.upper_uncertainty for pick in result.picks] == [0.05, 0.1, 0.05]
    assert result.reason is None


def test_curves_cover_the_record():
    result = picked(archive_of(trace("Z", [100]), trace("N", []), trace("E", [])))
    (curves,) = result.curves
    assert abs(curves.start - START) < 1e-6
    assert len(curves.p) == len(curves.s) == 600 * 50
    assert abs(int(np.argmax(curves.p)) - 5000) <= 1


def test_without_curves_the_picks_are_the_same():
    archive = archive_of(trace("Z", [100, 400]), trace("N", [104.5]), trace("E", []))
    with_curves, without = picked(archive), picked(archive, keep_curves=False)
    assert [p.time for p in with_curves.picks] == [p.time for p in without.picks]
    assert without.curves == ()


def test_a_long_gap_makes_two_stretches():
    later = START + 3600
    archive = archive_of(trace("Z", [100]), trace("Z", [50], start=later), trace("N", []), trace("N", [], start=later))
    result = picked(archive)
    assert [abs(curve.start - expected) < 0.05 for curve, expected in zip(result.curves, (START, later), strict=True)]
    np.testing.assert_allclose([pick.time - START for pick in result.picks], [100, 3650], atol=0.021)


def test_start_and_end_limit_the_picks():
    archive = archive_of(trace("Z", [100, 400]), trace("N", []), trace("E", []))
    result = picked(archive, start=START + 300, end=START + 500)
    assert [round(pick.time - START) for pick in result.picks] == [400]


def test_a_vertical_alone_carries_both_phases():
    result = picked(archive_of(trace("Z", [100])))
    assert {str(pick.channel_id) for pick in result.picks} == {"XX.AAA..HHZ"}


class EverywherePicker(SpikePicker):
    """P and S every two seconds, whatever the data: only what was recorded decides where they are read."""

    def probabilities(self, windows):
        found = np.zeros((len(windows), 2, self.window_samples), np.float32)
        found[:, :, 50::100] = 0.9
        return found


def recorded_at(archive, channel, time):
    """Has the channel data at a time, not in the middle of ten seconds or more of one value?"""
    for piece in archive.pieces(channel):
        place = (time.ns - piece.start) * piece.sampling_rate / 1e9
        if -1e-3 <= place <= len(piece.data) - 1 + 1e-3:
            at = min(round(place), len(piece.data) - 1)
            same = np.flatnonzero(piece.data != piece.data[at])
            before, after = same[same < at].max(initial=-1), same[same > at].min(initial=len(piece.data))
            edge = 0.5 * piece.sampling_rate + 2
            inside = at - before > edge and after - at > edge
            return not (after - before - 1 >= 10 * piece.sampling_rate and inside)
    return False


@pytest.mark.parametrize("seed", range(12))
def test_never_a_pick_on_a_channel_without_data(seed):
    """Any choice of components, each cut into parts, dead for a while, or ended, at any of three rates."""
    random = np.random.default_rng(seed)
    letters = ["ZNE", "Z12", "ZNE12", "ZNE123", "ZRT", "NE", "Z", "ZNERT", "ZNH"][seed % 9]
    traces = []
    for letter in letters:
        whole = trace(letter, [], seconds=240, rate=float(random.choice([40.0, 50.0, 100.0])))
        data = whole.data
        if random.random() < 0.5:
            first = random.integers(0, len(data) // 2)
            data[first : first + len(data) // 4] = 3.0
        cuts = [START + float(second) for second in np.sort(random.uniform(0, 240, 4))]
        traces += [whole.slice(cuts[0], cuts[1]), whole.slice(cuts[2], cuts[3])]
    archive = archive_of(*(part for part in traces if part.stats.npts > 1))
    n_picks = 0
    for station in archive.stations:
        for pick in annotate_station(EverywherePicker(), archive, station).picks:
            n_picks += 1
            assert recorded_at(archive, pick.channel_id, pick.time), pick
            assert not (pick.phase == "S" and pick.channel_id.channel == "HHH")
    assert n_picks > 5


def on_channels(result):
    return [(pick.phase, pick.channel_id.channel, round(pick.time - START)) for pick in result.picks]


def test_renamed_horizontals_carry_s_where_they_are():
    later = START + 86400
    day_1 = [trace("Z", [100]), trace("N", [104]), trace("E", [])]
    day_2 = [trace("Z", [100], start=later), trace("1", [104], start=later), trace("2", [], start=later)]
    result = picked(archive_of(*day_1, *day_2))
    assert [channel for _, channel, _ in on_channels(result)] == ["HHZ", "HHN", "HHZ", "HH1"]
    assert "HHN is followed by HH1 from 2024-05-02 03:00:00 UTC on." in result.remarks


def test_a_dead_vertical_gives_its_pick_to_a_horizontal():
    dead = trace("Z", [])
    dead.data[:] = -12
    result = picked(archive_of(dead, trace("N", [104]), trace("E", [])))
    assert [channel for _, channel, _ in on_channels(result)] == ["HHN"]
    assert "HHZ is constant: the channel is dead." in result.remarks


def test_components_that_end_leave_the_picks_to_the_one_that_goes_on():
    short = [trace("Z", [100], seconds=300), trace("N", [104], seconds=300)]
    archive = archive_of(*short, trace("E", []))
    (station,) = archive.stations
    result = annotate_station(EverywherePicker(), archive, station)
    assert {(pick.phase, pick.channel_id.channel) for pick in result.picks if pick.time > START + 301} == {
        ("P", "HHE"),
        ("S", "HHE"),
    }
    assert any(remark.startswith("HHZ ends at 2024-05-01 03:04:59 UTC") for remark in result.remarks)


def test_a_quiet_sensor_does_not_hide_the_other_one():
    quiet = [trace("Z", []), trace("N", []), trace("E", [])]
    result = picked(archive_of(*quiet, trace("3", [100]), trace("1", [104]), trace("2", [])))
    assert on_channels(result) == [("P", "HH3", 100), ("S", "HH1", 104)]
    assert any("More than one sensor" in remark for remark in result.remarks)


def test_two_pairs_of_horizontals_share_the_p_of_their_vertical():
    pairs = [trace("N", [104]), trace("E", []), trace("1", [104]), trace("2", [])]
    assert on_channels(picked(archive_of(trace("Z", [100]), *pairs))) == [
        ("P", "HHZ", 100),
        ("S", "HHN", 104),
        ("S", "HH1", 104),
    ]


def test_pressure_is_an_instrument_of_its_own_without_s():
    archive = archive_of(*(trace(letter, [], band="BH") for letter in "Z12"), trace("H", [], band="BD"))
    phases = {}
    for station in archive.stations:
        result = annotate_station(EverywherePicker(), archive, station)
        phases[station.band] = {(pick.phase, pick.channel_id.channel) for pick in result.picks}
    assert phases == {"BH": {("P", "BHZ"), ("S", "BH1")}, "BD": {("P", "BDH")}}
    assert "BDH measures pressure: only P is picked." in result.remarks or station.band == "BH"


def test_start_and_end_do_not_change_the_picks_between_them():
    archive = archive_of(trace("Z", [40, 100, 300, 400, 560]), trace("N", [104, 305]), trace("E", []))
    whole = picked(archive)
    for first, last in ((99, 350), (299.5, 301), (0, 101), (400, 600)):
        some = picked(archive, start=START + first, end=START + last)
        expected = [pick for pick in whole.picks if START + first <= pick.time <= START + last]
        assert [(p.phase, p.channel_id, p.probability) for p in some.picks] == [
            (p.phase, p.channel_id, p.probability) for p in expected
        ]
        np.testing.assert_allclose([p.time - START for p in some.picks], [p.time - START for p in expected], atol=1e-6)
        (curves,) = some.curves
        assert START + first <= curves.start <= START + first + 0.02
        assert abs(len(curves.p) - (min(last, 600) - first) * 50) <= 1


def test_a_time_without_data_says_so():
    archive = archive_of(trace("Z", [100]), trace("N", []), trace("E", []))
    assert picked(archive, start=START + 700).reason == "There is no data in the chosen time."


def test_what_is_wrong_with_the_data_comes_before_what_the_model_made_of_them():
    dead = [trace(letter, []) for letter in "ZNE"]
    for each in dead[:2]:
        each.data[:] = 7
    reason = picked(archive_of(*dead)).reason
    assert reason.index("HHZ is constant: the channel is dead.") < reason.index("No probability reached")


def test_no_pick_says_why():
    quiet = picked(archive_of(trace("Z", []), trace("N", []), trace("E", [])))
    assert quiet.picks == ()
    assert "highest P was 0.00" in quiet.reason
    strict = picked(archive_of(trace("Z", [100])), thresholds=Thresholds(0.95, 0.95))
    assert "threshold 0.95" in strict.reason


@pytest.fixture
def spike_model(monkeypatch):
    monkeypatch.setattr(annotate, "find_picker", lambda name, progress: name)
    monkeypatch.setattr(annotate, "load_picker", lambda card, device, progress: SpikePicker())


def test_every_station_is_published_and_one_bad_station_stops_no_other(spike_model):
    class Watcher(Progress):
        published = []  # noqa: RUF012

        def on_publish(self, partial):
            self.published.append(partial)

    archive = archive_of(trace("Z", [30]), trace("Z", [], rate=1.0, station="SLOW"), trace("Z", [40], station="ZZZ"))
    results = pick_archive(archive, "spikes", progress=Watcher())
    assert Watcher.published == results
    by_station = {result.station.station: result for result in results}
    assert by_station["AAA"].picks
    assert by_station["ZZZ"].picks
    assert "Hz" in by_station["SLOW"].reason


def test_cancel_stops_at_the_next_batch_and_keeps_what_was_published(spike_model):
    class Impatient(Progress):
        def __init__(self):
            super().__init__()
            self.published = []

        def on_publish(self, partial):
            self.published.append(partial)
            self.cancel()

    watcher = Impatient()
    archive = archive_of(trace("Z", [30]), trace("Z", [40], station="BBB"))
    with pytest.raises(Cancelled):
        pick_archive(archive, "spikes", progress=watcher)
    assert [result.station.station for result in watcher.published] == ["AAA"]


def test_a_real_record_passes_through():
    archive = Archive()
    archive.add_stream(read(), "example")
    (station,) = archive.stations
    result = annotate_station(SpikePicker(), archive, station)
    (curves,) = result.curves
    assert abs(len(curves.p) / curves.sampling_rate - 30) < 0.1
