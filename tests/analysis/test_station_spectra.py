"""Spectra of the components of a station: in which unit, with what noise, and what is said where there is none."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from obspy import Stream, Trace, UTCDateTime

from quakeview.analysis.components import Component, component_axes
from quakeview.analysis.station_motion import MotionWindow, station_motion
from quakeview.analysis.station_spectra import SpectrumKind, noise_onset, station_spectra
from quakeview.errors import QuakeViewError
from quakeview.stations.book import StationBook, read_stations
from quakeview.stations.ground_motion import Quantity
from quakeview.stations.motion import Motion
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId
from quakeview.waveforms.display import load_display_records
from quakeview.waveforms.filters import Filter

START, RATE, GAIN = UTCDateTime("2020-01-01"), 100.0, 1000.0
BEGIN = float(START)
CHANNEL = ChannelId("XX", "AAA", "", "HHZ")
COUNTS, DETRENDED = Motion(), Filter()
POWER, AMPLITUDE = SpectrumKind.POWER, SpectrumKind.AMPLITUDE


def an_archive(noise: float = 1.0, signal: float = 10.0, seconds: int = 400) -> Archive:
    """White noise of 1 m/s; from the middle on ten times as much."""
    data = GAIN * noise * np.random.default_rng(5).standard_normal(int(seconds * RATE))
    data[len(data) // 2 :] *= signal
    header = {"network": "XX", "station": "AAA", "channel": "HHZ", "sampling_rate": RATE, "starttime": START}
    archive = Archive()
    archive.add_stream(Stream([Trace(data.astype(np.int32), header)]), "made")
    return archive


@pytest.fixture
def book(tmp_path) -> StationBook:
    path = tmp_path / "stations.csv"
    path.write_text(
        f"network,station,latitude,longitude,elevation_m,gain_counts_per_m_s\nXX,AAA,47.0,8.0,100.0,{GAIN}\n"
    )
    return read_stations([path])


def component(archive: Archive, motion: Motion = COUNTS, filter: Filter = DETRENDED) -> Component:
    records = load_display_records(archive, CHANNEL, filter, change=motion.change(CHANNEL, archive))
    change = records[0].change
    unit = change.unit if change and change.unit else "counts"
    return Component(str(CHANNEL), CHANNEL, records, unit, motion.quantity)


def spectra(archive, book, first, last, onset=BEGIN + 200, kind=POWER, made: Component | None = None):
    asked = made or component(archive)
    return station_spectra([asked], archive, book, (BEGIN + first, BEGIN + last), onset, kind)


def test_power_is_of_ground_acceleration_where_the_response_is_known(book):
    found = spectra(an_archive(), book, 200, 300)
    (one,) = found.components
    assert (found.units, found.note) == (("m/s²",), "")
    expected = 100 / 50 * (2 * np.pi * one.signal.frequency) ** 2  # a variance of 100 (m/s)², up to 50 Hz
    high = one.signal.frequency > 2
    np.testing.assert_allclose(10 * np.log10(one.signal.power / expected)[high], 0, atol=2.0)
    assert one.signal.frequency[-1] <= 33.0
    np.testing.assert_allclose((found.values(one.signal) - found.values(one.noise))[high], 20, atol=4.0)
    assert one.clear is not None
    assert one.clear[0] < 1 < 30 < one.clear[1]


def test_without_a_response_it_is_of_counts_and_says_why():
    found = spectra(an_archive(), StationBook(), 200, 300)
    assert found.units == ("counts",)
    assert found.note == "XX.AAA..HHZ has no usable response: the metadata do not know it at that time."
    assert found.components[0].signal.power.mean() == pytest.approx(GAIN**2 * 100 / 50, rel=0.1)


def test_what_is_shown_as_ground_motion_has_the_same_acceleration_and_an_amplitude_within_its_band(book):
    archive = an_archive()
    counts = spectra(archive, book, 200, 300)
    shown = component(archive, Motion(Quantity.DISPLACEMENT, book))
    motion = spectra(archive, book, 200, 300, made=shown)
    frequency, level = motion.components[0].signal.frequency, motion.components[0].signal.decibels
    at_same = np.interp(frequency, counts.components[0].signal.frequency, counts.components[0].signal.decibels)
    inside = (frequency > 1) & (frequency < 25)
    np.testing.assert_allclose(level[inside], at_same[inside], atol=1.0)
    amplitude = spectra(archive, book, 200, 300, kind=AMPLITUDE, made=shown)
    assert amplitude.units == ("m",)
    low, high = shown.records[0].change.band
    assert low <= amplitude.components[0].signal.frequency[0] < amplitude.components[0].signal.frequency[-1] <= high


def test_the_filter_of_the_traces_is_not_in_the_spectra(book):
    archive = an_archive()
    filtered = component(archive, filter=Filter(low=1.0, high=5.0))
    for one, other in zip(
        spectra(archive, book, 200, 300).components,
        spectra(archive, book, 200, 300, made=filtered).components,
        strict=True,
    ):
        np.testing.assert_allclose(one.signal.power, other.signal.power, rtol=1e-4)


def test_noise_may_be_shorter_than_the_signal_but_not_by_much(book):
    archive = an_archive()
    (short,) = spectra(archive, book, 200, 350, onset=BEGIN + 60).components
    assert short.noise.seconds == pytest.approx(59.5, abs=0.02)
    (none,) = spectra(archive, book, 200, 350, onset=BEGIN + 20).components
    assert none.signal is not None
    assert none.noise is None
    (without,) = spectra(archive, book, 200, 350, onset=None).components
    assert without.noise is None


def test_a_window_without_data_is_a_sentence_of_that_component(book):
    (one,) = spectra(an_archive(), book, 600, 700).components
    assert one.signal is None
    assert one.problem == "XX.AAA..HHZ has no data in this window."


def test_a_component_that_could_not_be_read_says_why(book):
    archive = an_archive()
    missing = Component("XX.AAA..HHN", CHANNEL._replace(channel="HHN"), (), "counts", problem="It is broken.")
    (one,) = spectra(archive, book, 200, 300, made=missing).components
    assert (one.signal, one.problem) == (None, "It is broken.")
    with pytest.raises(QuakeViewError, match="It is broken"):
        station_motion([missing], {missing.channel_id: (1.0, 0.0, 0.0)}, MotionWindow.of(BEGIN, BEGIN + 1))


def test_a_component_that_stays_in_counts_keeps_its_unit_beside_the_others(book):
    archive = an_archive()
    moved, recorded = component(archive, Motion(Quantity.VELOCITY, book)), component(archive)
    other = replace(recorded, name="XX.AAA..HHN", quantity=Quantity.VELOCITY)
    for kind in SpectrumKind:
        found = station_spectra([moved, other], archive, book, (BEGIN + 200, BEGIN + 300), None, kind)
        assert found.units == ("m/s", "counts")
        rows = list(csv.DictReader(io.StringIO(found.csv())))
        assert {row["unit"] for row in rows if row["component"].endswith("N")} <= {"counts/Hz", "dB re 1 (counts)^2/Hz"}
        assert {row["unit"] for row in rows if row["component"].endswith("Z")} <= {"m/s/Hz", "dB re 1 (m/s)^2/Hz"}
    assert "no usable response" in found.note


def test_the_table_has_every_number_with_its_unit(book):
    found = spectra(an_archive(), book, 200, 300)
    rows = list(csv.DictReader(io.StringIO(found.csv())))
    assert {row["of"] for row in rows} == {"signal", "noise"}
    assert {row["unit"] for row in rows} == {"dB re 1 (m/s²)^2/Hz"}
    signal = [row for row in rows if row["of"] == "signal"]
    np.testing.assert_allclose([float(r["power_db"]) for r in signal], found.components[0].signal.decibels, rtol=1e-4)


def test_the_p_before_which_noise_is_looked_for():
    onsets = BEGIN + np.array([10.0, 100.0, 130.0])
    assert noise_onset(onsets, BEGIN + 90, BEGIN + 200) == BEGIN + 100
    assert noise_onset(onsets, BEGIN + 110, BEGIN + 120) == BEGIN + 100
    assert noise_onset(onsets, BEGIN + 5, BEGIN + 7) is None
    assert noise_onset(onsets, BEGIN + 1000, BEGIN + 1010) is None


def test_a_long_window_of_motion_asks_for_a_shorter_one():
    with pytest.raises(QuakeViewError, match="up to 60 s"):
        MotionWindow.of(BEGIN, BEGIN + 61)
    window = MotionWindow.after(BEGIN, "P", 2.0)
    assert window.shown == (BEGIN - 0.5, BEGIN + 2)
    assert window.measured == (BEGIN, BEGIN + 2)


def test_directions_come_from_the_metadata_the_letters_or_the_rotation():
    components = {letter: CHANNEL._replace(channel=f"HH{letter}") for letter in "ZNE"}
    axes = component_axes(components, StationBook(), START)
    np.testing.assert_allclose(axes[components["E"]], (0.0, 1.0, 0.0), atol=1e-9)
    rotated = component_axes(components, StationBook(), START, back_azimuth=90.0)
    assert rotated[components["N"]] == pytest.approx((0.0, -1.0, 0.0))  # radial: to the west
    assert rotated[components["E"]] == pytest.approx((1.0, 0.0, 0.0))  # transverse: clockwise from it, to the north
