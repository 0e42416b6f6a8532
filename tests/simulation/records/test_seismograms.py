from pathlib import Path

import matplotlib
import numpy as np
import pytest
from obspy.signal.spectral_estimation import get_nhnm, get_nlnm

from quakeview.errors import QuakeViewError
from quakeview.simulation.records.noise import gaussian_noise, peterson_models, recorded_noise
from quakeview.simulation.records.seismograms import SyntheticSeismograms
from quakeview.simulation.records.source_spectrum import corner_frequency, minimum_phase
from quakeview.simulation.sources.scaling import seismic_moment

RATE = 50.0


def test_noise_models_are_peterson() -> None:
    frequency = np.geomspace(0.012, 9, 40)
    for ours, (period, level) in zip(peterson_models(frequency), (get_nlnm(), get_nhnm()), strict=True):
        theirs = np.interp(np.log(1 / frequency), np.log(period[::-1]), level[::-1])
        np.testing.assert_allclose(ours, theirs, atol=2.5)


def test_noise_has_the_power_asked_for() -> None:
    psd = np.full((2, 4097), 3.0)
    noise = gaussian_noise(psd, RATE, 8192, np.random.default_rng(0))
    assert np.var(noise) == pytest.approx(3.0 * RATE / 2, rel=0.05)


def test_recorded_noise_is_stretched_without_holes() -> None:
    pool = [np.random.default_rng(0).standard_normal((3, 300))]
    noise = recorded_noise(pool, 4096, np.random.default_rng(1))
    rms = np.sqrt(np.mean(noise.reshape(3, 64, 64) ** 2, axis=2))
    assert noise.shape == (3, 4096)
    assert rms.min() > 0.5
    assert rms.max() < 1.7


def test_corner_falls_tenfold_in_two_magnitudes() -> None:
    """fc ∝ M0^(−1/3): M + 2 is 1000 times the moment."""
    low, high = (corner_frequency(seismic_moment(m), 3e6, 3500.0) for m in (2.0, 4.0))
    assert low / high == pytest.approx(10)
    assert 5 < low < 30


def test_minimum_phase_keeps_the_amplitude_and_starts_at_once() -> None:
    frequency = np.fft.rfftfreq(2048, 1 / RATE)
    amplitude = frequency / (1 + (frequency / 4) ** 2) + 1e-3
    spectrum = minimum_phase(amplitude, 2048)
    pulse = np.fft.irfft(spectrum)
    np.testing.assert_allclose(np.abs(spectrum), amplitude, rtol=1e-6)
    assert np.abs(pulse[-1024:]).max() < 1e-2 * np.abs(pulse).max()
    assert np.abs(pulse[:20]).max() == np.abs(pulse).max()


@pytest.mark.parametrize("distance", [5e3, 60e3, 250e3])
def test_nothing_moves_before_p_and_something_does_at_p(distance: float) -> None:
    synthetic = SyntheticSeismograms()
    for seed in range(5):
        record = synthetic.event(3.0, distance, 8e3, np.random.default_rng(seed), 700.6, noise_free=True)
        motion = np.abs(record.data).max(axis=0)
        onset = record.events[0].p_sample
        assert onset is not None
        assert motion[:699].max() < 1e-3 * motion.max()
        if onset == 700.6:
            assert motion[700:712].max() > 3 * motion[:699].max()


def test_s_label_is_the_first_s() -> None:
    """In noise-free records energy on the horizontals jumps at the S label."""
    synthetic = SyntheticSeismograms()
    jumps = []
    for seed in range(30):
        record = synthetic.event(2.5, 25e3, 8e3, np.random.default_rng(seed), 700.0, noise_free=True)
        sample = int(np.ceil(record.events[0].s_sample or 0))
        horizontal = np.square(record.data[1:]).sum(axis=0)
        jumps.append(horizontal[sample : sample + 25].mean() / horizontal[sample - 25 : sample - 1].mean())
    assert np.median(jumps) > 8


def test_p_polarity_agrees_with_the_first_motion() -> None:
    synthetic = SyntheticSeismograms()
    agree = []
    for seed in range(40):
        record = synthetic.event(3.0, 20e3, 8e3, np.random.default_rng(seed), 700.0, noise_free=True)
        event = record.events[0]
        if event.polarity:
            start = int(event.p_sample or 0)
            first = record.data[0, start : start + 8].astype(float)
            lead = first[np.abs(first) > 0.02 * np.abs(first).max()][0]
            agree.append(np.sign(lead) == event.polarity)
    assert len(agree) > 20
    assert np.mean(agree) > 0.95


def test_snr_grows_with_magnitude() -> None:
    synthetic = SyntheticSeismograms()
    for seed in range(3):
        snr = [synthetic.event(m, 40e3, 8e3, np.random.default_rng(seed)).events[0].p_snr_db for m in (1.0, 2.5, 4.0)]
        assert snr[0] < snr[1] < snr[2]


def test_same_state_same_record() -> None:
    synthetic = SyntheticSeismograms()
    first, second = (synthetic.sample(np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first.data, second.data)
    assert first.events == second.events


def test_records_are_finite_and_varied() -> None:
    pool = [np.random.default_rng(0).standard_normal((3, 900)).cumsum(axis=1)]
    synthetic = SyntheticSeismograms(window_samples=2048, noise_pool=pool)
    rng = np.random.default_rng(1)
    records = [synthetic.sample(rng) for _ in range(150)]
    counts = [len(record.events) for record in records]
    assert {0, 1, 2} <= set(counts)
    assert any(not record.valid.all() for record in records)
    for record in records:
        assert record.data.shape == (3, 2048)
        assert record.data.dtype == np.float32
        assert np.isfinite(record.data).all()
        assert not record.data[~record.valid].any()
        for event in record.events:
            if event.p_sample is not None and event.s_sample is not None:
                assert event.p_sample < event.s_sample


def test_bad_noise_is_refused() -> None:
    with pytest.raises(QuakeViewError, match=r"\(3, n\)"):
        SyntheticSeismograms(noise_pool=[np.zeros((2, 100))])


def smoothed(power: np.ndarray, seconds: float) -> np.ndarray:
    width = int(seconds * RATE)
    return np.convolve(power, np.ones(width) / width, "same")


def test_page_of_records_looks_like_earthquakes(tmp_path: Path) -> None:
    """Draws one page of records and measures what an analyst would look for on it."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    synthetic = SyntheticSeismograms()
    figure, axes = pyplot.subplots(6, 3, figsize=(21, 24), sharex=True)
    measured = []
    for seed, axis in enumerate(axes.T.flat):
        distance = (8e3, 45e3, 160e3)[seed // 6]
        record = synthetic.event(3.0, distance, 8e3, np.random.default_rng(seed), 700.0, noise_free=True)
        event, data = record.events[0], record.data.astype(float)
        p, s = (int(np.ceil(sample or 0)) for sample in (event.p_sample, event.s_sample))
        for row, trace in enumerate(data):
            axis.plot(np.arange(data.shape[1]) / RATE, trace / np.abs(data).max() - row, "k", linewidth=0.4)
        axis.axvline(p / RATE, color="tab:blue")
        axis.axvline(s / RATE, color="tab:red")
        axis.set_title(f"M {event.magnitude:.1f}, {distance / 1000:.0f} km")
        power, window = data**2, min(s - p, 100)
        p_power, s_power = power[:, p : p + window].mean(axis=1), power[:, s : s + 100].mean(axis=1)
        coda = smoothed(power.sum(axis=0), 2.0)
        decay = coda[s + 150] > coda[s + 500] > coda[s + 1100]
        measured.append(
            (
                s_power[1:].sum() / p_power[1:].sum(),
                p_power[0] / p_power[1:].mean(),
                s_power[1:].mean() / s_power[0],
                decay,
            )
        )
    page = tmp_path / "records.png"
    figure.savefig(page, dpi=60)
    pyplot.close(figure)
    s_to_p, p_vertical, s_horizontal, decays = np.median(np.array(measured, dtype=float), axis=0)
    assert page.stat().st_size > 50_000
    assert s_to_p > 3
    assert p_vertical > 1
    assert s_horizontal > 1
    assert decays == 1


def test_far_events_begin_with_mantle_waves_and_last_longer() -> None:
    synthetic = SyntheticSeismograms()
    near, far = [], []
    for seed in range(8):
        for distance, lasting in ((10e3, near), (200e3, far)):
            record = synthetic.event(3.5, distance, 8e3, np.random.default_rng(seed), 200.0, noise_free=True)
            cumulative = np.cumsum(np.square(record.data, dtype=np.float64).sum(axis=0))
            begin, end = np.searchsorted(cumulative / cumulative[-1], [0.05, 0.95])
            lasting.append((end - begin) / RATE)
    assert np.median(far) > 3 * np.median(near)
