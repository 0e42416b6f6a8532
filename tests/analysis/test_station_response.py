"""Epochs in words and responses over frequency."""

import numpy as np
import pytest
from obspy import UTCDateTime, read_inventory
from obspy.core.inventory import Channel, Inventory, Network, Response, Station
from obspy.core.inventory.response import InstrumentSensitivity
from obspy.core.inventory.util import Equipment

from quakeview.analysis.station_response import contradictions_of, epochs_of, response_curve
from quakeview.errors import QuakeViewError
from quakeview.stations.book import StationBook
from quakeview.stations.inventories import StationFile
from quakeview.waveforms.channels import ChannelId

ID = ChannelId("XX", "AAA", "", "HHZ")
NOW = UTCDateTime("2020-06-01")
PERIOD, DAMPING = 30.0, 0.707


def paz(gain: float = 1500.0, units: str = "M/S") -> Response:
    """A seismometer of 30 s, flat to velocity above."""
    omega = 2 * np.pi / PERIOD
    pole = omega * complex(-DAMPING, np.sqrt(1 - DAMPING**2))
    return Response.from_paz([0j, 0j], [pole, np.conj(pole)], gain, 1.0, input_units=units, output_units="COUNTS")


def book(*channels: Channel, notes: tuple[str, ...] = ()) -> StationBook:
    station = Station("AAA", 48.0, 11.0, 500.0, channels=list(channels))
    return StationBook((StationFile(None, Inventory([Network("XX", [station])], "test"), notes),))


def made(response: Response | None, start: str = "2019-01-01", end: str = "2021-01-01", **more) -> Channel:
    dates = {"start_date": UTCDateTime(start), "end_date": UTCDateTime(end)}
    place = {"latitude": 48.0, "longitude": 11.0, "elevation": 500.0, "depth": 0.0}
    return Channel("HHZ", "", response=response, sample_rate=100.0, azimuth=0.0, dip=-90.0, **place, **dates, **more)


def test_the_corner_is_that_of_the_seismometer_and_the_passband_its_gain():
    curve = response_curve(book(made(paz())), ID, NOW, 100.0)
    low, high = curve.corners
    assert low == pytest.approx(1 / PERIOD, rel=0.02)
    assert high is None
    assert curve.motion == "m/s"
    assert np.interp(1.0, curve.frequency, curve.amplitude) == pytest.approx(1500.0, rel=1e-3)
    assert curve.frequency[-1] == pytest.approx(50.0)
    assert np.interp(1 / PERIOD, curve.frequency, curve.phase - curve.phase[-1]) == pytest.approx(90, abs=3)


def test_an_accelerometer_is_flat_to_acceleration():
    flat = Response.from_paz([], [], 400.0, 1.0, input_units="M/S**2", output_units="COUNTS")
    curve = response_curve(book(made(flat)), ID, NOW, 100.0)
    assert curve.motion == "m/s²"
    np.testing.assert_allclose(curve.amplitude, 400.0, rtol=1e-3)
    assert curve.corners == (None, None)


def test_epochs_are_in_time_order_and_in_words():
    old = made(paz(100.0), "2010-01-01", "2019-01-01", sensor=Equipment(description="Lennartz LE-3D"))
    new = made(
        paz(), sensor=Equipment(manufacturer="Streckeisen", model="STS-2", description="STS-2", serial_number="7")
    )
    first, second = epochs_of(book(new, old), ID)
    assert first.span == "2010-01-01 00:00 to 2019-01-01 00:00"
    assert first.sensor == "Lennartz LE-3D"
    assert second.sensor == "Streckeisen, STS-2, serial number 7"
    assert "Stage 1: 2 poles and 2 zeros, M/S to COUNTS, gain 1500 at 1 Hz" in second.stages
    assert any(fact.startswith("Sensitivity 1500 COUNTS per M/S at 1 Hz") for fact in second.facts)
    assert "Azimuth 0°, dip -90°" in second.facts


def test_stages_of_a_real_station_are_told():
    found = read_inventory()
    network = found[0]
    station = next(each for each in network if len(each))
    channel = station[0]
    here = ChannelId(network.code, station.code, channel.location_code, channel.code)
    (epoch, *_) = epochs_of(StationBook((StationFile(None, found),)), here)
    assert len(epoch.stages) == len(channel.response.response_stages)
    assert "poles" in epoch.stages[0]
    assert all("gain" in stage for stage in epoch.stages)


def test_a_gain_alone_says_so():
    response = Response(instrument_sensitivity=InstrumentSensitivity(800.0, 1.0, "M/S", "COUNTS"))
    curve = response_curve(book(made(response)), ID, NOW, 100.0)
    assert "Only a gain" in curve.note
    np.testing.assert_allclose(curve.amplitude, 800.0)


@pytest.mark.parametrize(
    ("channel", "when", "said"),
    [
        (made(None), NOW, "no response"),
        (made(paz()), UTCDateTime("2030-01-01"), "do not know it at that time"),
    ],
)
def test_what_is_missing_is_a_sentence(channel, when, said):
    with pytest.raises(QuakeViewError, match=said) as error:
        response_curve(book(channel), ID, when, 100.0)
    assert "left out" not in str(error.value)


def test_a_pressure_sensor_is_no_instrument_of_ground_motion():
    response = Response(instrument_sensitivity=InstrumentSensitivity(800.0, 1.0, "PA", "COUNTS"))
    with pytest.raises(QuakeViewError, match="records PA"):
        response_curve(book(made(response)), ID, NOW, 100.0)


def test_contradictions_are_those_of_the_station():
    notes = ("XX.AAA has response stages that contradict the sensitivity.", "XX.BBB has no coordinates.")
    assert contradictions_of(book(made(paz()), notes=notes), ID) == [notes[0]]


def test_the_table_has_units():
    rows = response_curve(book(made(paz())), ID, NOW, 100.0).table().splitlines()
    assert rows[0] == "frequency_hz,amplitude_counts_per_m/s,phase_deg"
    assert len(rows) == 401
