"""Short-time spectra: where a tone is, its level, gaps, and how the record is cut into windows."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from quakeview.analysis.spectrograms import Windows, record_spectrogram
from tests.analysis.test_cuts import START, Record


def tone(frequency: float, seconds: float = 100.0) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(int(seconds * 100)) / 100)


def test_the_tone_is_where_it_belongs():
    spectrogram = record_spectrogram(Record(START, 100.0, tone(12.0)), START, START + 100, 200)
    rows = spectrogram.power.shape[0]
    frequencies = np.linspace(0, spectrogram.highest, rows)
    assert spectrogram.highest == 50
    assert_allclose(frequencies[np.argmax(spectrogram.power, axis=0)], 12.0, atol=0.5)


def test_white_noise_has_its_power_density():
    noise = 3 * np.random.default_rng(1).standard_normal(100_000)
    spectrogram = record_spectrogram(Record(START, 100.0, noise), START, START + 1000, 300)
    density = 10 ** (spectrogram.power[5:-5] / 10)
    assert density.mean() == pytest.approx(9 / 50, rel=0.05)  # variance over the Nyquist frequency


def test_gaps_and_outside_are_empty():
    data = tone(5.0)
    data[4000:6000] = np.nan
    power = record_spectrogram(Record(START, 100.0, data), START, START + 200, 200).power
    assert np.isfinite(power[:, 5:35]).all()
    assert np.isnan(power[:, 44:56]).all()
    assert np.isnan(power[:, 102:]).all()


def test_too_little_data():
    assert record_spectrogram(Record(START, 100.0, np.ones(5)), START, START + 10, 50) is None
    assert record_spectrogram(Record(START, 100.0, tone(1.0)), START + 500, START + 510, 50) is None


@pytest.mark.parametrize("seconds", [0.32, 1.28, 10.24])
def test_the_window_is_as_long_as_was_asked_for(seconds: float):
    record = Record(START, 100.0, tone(12.0))
    spectrogram = record_spectrogram(record, START, START + 100, 200, Windows(seconds))
    assert spectrogram.window == pytest.approx(seconds)
    assert spectrogram.lowest == pytest.approx(1 / seconds)


def test_the_overlap_says_how_many_columns_there_are():
    record = Record(START, 100.0, tone(12.0))
    for overlap, columns in ((0.0, 78), (0.5, 156), (0.9, 500)):
        spectrogram = record_spectrogram(record, START, START + 100, 500, Windows(1.28, overlap))
        assert spectrogram.power.shape[1] == columns
        assert spectrogram.share == 1.0


def test_of_a_long_record_it_says_what_share_was_looked_at():
    record = Record(START, 100.0, np.random.default_rng(1).standard_normal(1_000_000))
    spectrogram = record_spectrogram(record, START, START + 10_000, 100, Windows(2.56, 0.5))
    assert spectrogram.share == pytest.approx(4 * 2.56 / 100)


def test_a_logarithmic_axis_shows_a_tone_at_its_frequency():
    spectrogram = record_spectrogram(Record(START, 100.0, tone(5.0)), START, START + 100, 50, Windows(5.12))
    rows = spectrogram.on_log_axis(400)
    frequency = np.geomspace(spectrogram.lowest, spectrogram.highest, 400)
    assert rows.shape == (400, 50)
    assert_allclose(frequency[np.argmax(rows, axis=0)], 5.0, rtol=0.03)
    assert_allclose(rows[[0, -1]], spectrogram.power[[1, -1]], atol=1e-4)
