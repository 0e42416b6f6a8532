import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from quakeview.app.traces.amplitude import amplitude, amplitude_text
from quakeview.app.traces.curves import ProbabilityCurve
from quakeview.app.traces.painter import peak_text
from quakeview.app.traces.raster import coverage
from quakeview.waveforms.columns import column_extremes
from tests.app.traces.records import START, record


def noise(n: int) -> np.ndarray:
    return np.random.default_rng(5).standard_normal(n).astype(np.float32)


@pytest.mark.parametrize("seconds", [0.3, 3.0, 30.0, 300.0, 3000.0])
def test_columns_hold_every_extreme_at_any_zoom(seconds):
    data = noise(400_000)
    width = 500
    low, high = column_extremes([record(data)], START + 500, START + 500 + seconds, width)
    inside = data[50_000 : 50_000 + int(seconds * 100)]
    assert np.isfinite(low).all()
    assert (low <= high).all()
    assert_allclose(low.min(), inside.min(), atol=0.35 * abs(inside.min()))
    assert high.max() >= inside.max()
    assert low.min() <= inside.min()


def test_a_spike_is_in_its_column_at_every_zoom():
    data = np.zeros(1_000_000, np.float32)
    data[123_456] = 7.0
    for begin, seconds in ((0, 10_000.0), (0, 3000.0), (1111, 400.0), (1200, 70.0), (1234, 1.0)):
        _, high = column_extremes([record(data)], START + begin, START + begin + seconds, 700)
        column = np.argmax(high)
        assert high[column] == pytest.approx(7.0, rel=0.15)
        assert abs(column - (1234.56 - begin) / seconds * 700) < 2


def test_neighbouring_columns_touch():
    data = np.cumsum(noise(100_000)).astype(np.float32)
    for seconds in (2.0, 20.0, 900.0):
        low, high = column_extremes([record(data)], START, START + seconds, 640)
        assert (low[1:] <= high[:-1]).all()
        assert (high[1:] >= low[:-1]).all()


@pytest.mark.parametrize("seconds", [20.0, 1000.0])
def test_a_gap_stays_empty_and_nothing_is_drawn_outside_the_record(seconds):
    data = noise(int(seconds * 100))
    third = len(data) // 3
    data[third : 2 * third] = np.nan
    low, _ = column_extremes([record(data)], START - seconds, START + 2 * seconds, 900)
    finite = np.isfinite(low)
    assert not finite[:298].any()
    assert finite[303:397].all()
    assert not finite[404:496].any()
    assert finite[503:597].all()
    assert not finite[603:].any()


def test_records_of_a_channel_are_merged():
    first, second = record(np.ones(1000)), record(3 * np.ones(1000), start=START + 20)
    low, _ = column_extremes([first, second], START, START + 30, 300)
    assert_array_equal(low[5:95], 1)
    assert np.isnan(low[105:195]).all()
    assert_array_equal(low[205:295], 3)


def test_infinite_samples_are_gaps():
    data = noise(100_000)
    data[50_000] = np.inf
    for seconds in (1000.0, 5.0):
        low, high = column_extremes([record(data)], START + 500 - seconds / 2, START + 500 + seconds / 2, 200)
        assert not np.isinf(low).any()
        assert not np.isinf(high).any()
        assert np.isfinite(low).mean() > 0.9


def test_empty_record_and_single_sample():
    for data in (np.empty(0), np.ones(1)):
        low, _ = column_extremes([record(data)], START, START + 10, 100)
        assert np.isfinite(low).sum() == len(data)


def test_coverage_of_a_flat_line_is_its_thickness():
    sheet = coverage(np.full((1, 4), 2.25), np.full((1, 4), 2.25), rows=6, thickness=1.0)[:, 0]
    assert_array_equal(sheet[:, 0], [0, 64, 191, 0, 0, 0])
    assert_array_equal(sheet.sum(axis=0, dtype=int), 255)


def test_coverage_is_cut_at_the_sheet_and_skips_missing_columns():
    top = np.array([[-50.0, np.nan, 2.0]])
    bottom = np.array([[50.0, np.nan, 100.0]])
    sheet = coverage(top, bottom, rows=5, thickness=1.0)[:, 0]
    assert_array_equal(sheet[:, 0], 255)
    assert_array_equal(sheet[:, 1], 0)
    assert_array_equal(sheet[3:, 2], 255)


def test_traces_do_not_disturb_each_other():
    top = np.array([[1.0, 3.0], [2.0, 2.0]])
    both = coverage(top, top + 1, rows=8, thickness=1.0)
    for number in range(2):
        alone = coverage(top[number : number + 1], top[number : number + 1] + 1, rows=8, thickness=1.0)
        assert_array_equal(both[:, number], alone[:, 0])


def test_full_scale_cuts_a_short_outburst_but_not_an_earthquake_that_fills_the_view():
    quiet = np.ones(1000, np.float32)
    quiet[500] = 1000
    assert amplitude(-quiet, quiet).full_scale == pytest.approx(3.0)
    assert amplitude(-quiet, quiet).peak == quiet.max()
    quake = np.ones(1000, np.float32)
    quake[500:600] = np.linspace(100, 50, 100)
    assert amplitude(-quake, quake).full_scale == pytest.approx(100.0)


def test_amplitude_without_data_and_of_a_constant():
    nothing = np.full(10, np.nan, np.float32)
    assert amplitude(nothing, nothing) is None
    constant = np.full(10, 5, np.float32)
    assert amplitude(constant, constant).full_scale == 0
    assert amplitude(constant, constant).centre == 5


def test_amplitude_texts():
    assert amplitude_text(12_400, "counts") == "12.4k"
    assert amplitude_text(3.4e-6, "m/s") == "3.4 µm/s"
    assert amplitude_text(0.0, "m/s") == "0 m/s"
    assert peak_text(12_437.0, "counts") == "12\u2009400 counts"
    assert peak_text(0.0312, "counts") == "0.0312 counts"
    assert peak_text(5.34e-6, "m/s") == "5.34 µm/s"


def test_probability_peaks_survive_at_every_zoom():
    probability = np.zeros(500_000, np.float16)
    probability[250_000] = 0.9
    probability[10] = np.nan
    curve = ProbabilityCurve(START, 100.0, probability)
    for seconds in (5000.0, 500.0, 50.0):
        columns = curve.columns(START + 2500 - seconds / 2, START + 2500 + seconds / 2, 800)
        assert columns.max() == pytest.approx(0.9, abs=0.01)
        assert abs(int(np.argmax(columns)) - 400) <= 17
    assert curve.columns(START - 100, START - 50, 100).max() == 0
