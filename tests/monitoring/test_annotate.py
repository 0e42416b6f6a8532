"""Annotation with a picker whose answer is known: it marks the spikes that the test puts into the record."""

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime, read

from quakeview.errors import QuakeViewError
from quakeview.jobs import Cancelled, Progress
from quakeview.monitoring import annotate
from quakeview.monitoring.annotate import annotate_station, pick_archive
from quakeview.monitoring.peaks import Thresholds
from quakeview.monitoring.picks import PickStatus
from quakeview.waveforms.archive import Archive

START = UTCDateTime(2024, 5, 1, 3)
BELL = np.exp(-0.5 * (np.arange(-20, 21) / 5.0) ** 2)


class SpikePicker:
    """P where the vertical spikes, S where the first horizontal does."""

    name, sampling_rate, window_samples, batch_size = "spikes", 50.0, 1024, 4
    uncertainty = {"P": 0.05, "S": 0.1}  # noqa: RUF012

    def probabilities(self, windows):
        found = np.zeros((len(windows), 2, self.window_samples), np.float32)
        for window, curves in zip(windows, found, strict=True):
            for curve, component in zip(curves, window[:2], strict=True):
                if np.abs(component).max() > 15:
                    curve[:] = np.convolve(np.abs(component) == np.abs(component).max(), 0.9 * BELL, mode="same")
        return found


def trace(component, spikes, seconds=600.0, rate=50.0, station="AAA", start=START):
    data = np.random.default_rng(ord(component)).normal(size=int(seconds * rate)).astype(np.float32)
    for second in spikes:
        data[round(second * rate)] = 200.0
    header = {"network": "XX", "station": station, "location": "", "channel": f"HH{component}"}
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


def test_no_pick_says_why():
    quiet = picked(archive_of(trace("Z", []), trace("N", []), trace("E", [])))
    assert quiet.picks == ()
    assert "highest P was 0.00" in quiet.reason
    strict = picked(archive_of(trace("Z", [100])), thresholds=Thresholds(0.95, 0.95))
    assert "threshold 0.95" in strict.reason


@pytest.fixture
def spike_model(monkeypatch):
    monkeypatch.setattr(annotate, "find_model", lambda name: name)
    monkeypatch.setattr("quakeview.monitoring.picker.Picker", lambda card, device, progress: SpikePicker())


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


def test_a_model_of_another_task_is_refused(tmp_path):
    from quakeview.monitoring.picker import Picker
    from quakeview.registry import ModelCard

    card = ModelCard("M", "SeisMoLLM", "magnitude", tmp_path, "", {}, "", 0, "")
    with pytest.raises(QuakeViewError, match="choose a picking model"):
        Picker(card)
