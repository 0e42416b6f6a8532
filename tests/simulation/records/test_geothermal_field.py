import numpy as np

from quakeview.simulation.records.geothermal_field import SAMPLES, SAMPLING_RATE, STATIONS, GeothermalField


def test_the_same_seed_gives_the_same_records() -> None:
    one, same, other = (next(iter(GeothermalField(seed).records(1))) for seed in (3, 3, 4))
    assert np.array_equal(one.counts, same.counts)
    assert not np.array_equal(one.counts, other.counts)


def test_small_earthquakes_are_more_than_large_ones() -> None:
    """Gutenberg and Richter's law with b = 1: a tenth of them is a magnitude above the smallest."""
    magnitudes = np.array([GeothermalField().event(number).magnitude for number in range(2000)])
    assert 0.2 <= magnitudes.min() < 0.25
    assert 0.07 < np.mean(magnitudes > 1.2) < 0.13
    assert magnitudes.max() <= 2.6


def test_labels_are_where_the_travel_times_say() -> None:
    """Through 1.2 km of sediments and what is left of the way in granite, straight up for the station near by."""
    field = GeothermalField()
    found = [(field.event(number), record) for number in range(12) for record in field.records(number)]
    assert len(found) > 30
    for event, record in found:
        station, labels = record.station, record.labels
        assert labels is not None
        lag = (labels.s_sample - labels.p_sample) / SAMPLING_RATE
        away = np.hypot(event.east - station.east, event.north - station.north)
        rock = np.hypot(away, event.depth - station.depth - 1200)
        assert 0.7 < lag / (1200 * (1 / 1150 - 1 / 2700) + rock * (1 / 3000 - 1 / 5300)) < 1.1
        assert record.origin < labels.p_sample / SAMPLING_RATE


def test_an_earthquake_that_no_eye_finds_has_no_record() -> None:
    field = GeothermalField()
    faint = [number for number in range(40) if field.event(number).magnitude < 0.3]
    strong = [number for number in range(40) if field.event(number).magnitude > 1]
    seen = {number: len(list(field.records(number))) for number in (*faint, *strong)}
    assert np.mean([seen[number] for number in faint]) < np.mean([seen[number] for number in strong])
    assert max(seen.values()) <= len(STATIONS)


def test_blows_are_loudest_beside_the_pile_driver() -> None:
    """Every record is scaled to its ground noise; what stands above it at GF01 are the blows."""
    field = GeothermalField()
    peaks = {code: [] for code in ("GF01", "GF07")}
    for number in range(70):
        record = field.quiet(number)
        assert record.labels is None
        assert record.counts.shape == (3, SAMPLES)
        if record.station.code in peaks:
            peaks[record.station.code].append(np.abs(record.counts[0].astype(int)).max())
    assert np.median(peaks["GF01"]) > 2 * np.median(peaks["GF07"])
