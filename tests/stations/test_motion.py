"""Records as ground motion and rotated, beside ObsPy, across gaps, epochs and channels without a response."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import obspy
import pytest
from obspy import Inventory, Stream, UTCDateTime
from obspy.signal.rotate import rotate_ne_rt

from quakeview.errors import QuakeViewError
from quakeview.stations.book import StationBook
from quakeview.stations.ground_motion import Quantity
from quakeview.stations.inventories import StationFile
from quakeview.stations.motion import STAYS, Motion, rotatable, rotation, usable_band
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import ChannelId, Instrument
from quakeview.waveforms.display import DisplayRecord, load_display_record

Z, N, E = (ChannelId("BW", "RJOB", "", f"EH{letter}") for letter in "ZNE")
RJOB = Instrument.of(Z)


def book(inventory: Inventory | None = None) -> StationBook:
    return StationBook((StationFile(Path("a.xml"), inventory or obspy.read_inventory()),))


def archive_of(stream: Stream) -> Archive:
    archive = Archive()
    archive.add_stream(stream, "memory")
    return archive


def shown(stream: Stream, motion: Motion, channel: ChannelId) -> DisplayRecord:
    archive = archive_of(stream)
    return load_display_record(archive, channel, change=motion.change(channel, archive))


def test_counts_are_left_alone() -> None:
    archive = archive_of(obspy.read())
    assert Motion(Quantity.COUNTS, book()).change(Z, archive) is None
    assert Motion(Quantity.COUNTS, book()).key(Z) is None


def test_velocity_is_obspy_s_in_the_band_it_says() -> None:
    stream = obspy.read()
    record = shown(stream, Motion(Quantity.VELOCITY, book()), Z)
    assert record.change is not None
    assert (record.change.unit, record.change.note) == ("m/s", "")
    low, high = (float(text) for text in record.change.label.removeprefix("Velocity, ").removesuffix(" Hz").split("–"))
    assert (low, high) == (pytest.approx(2 / 30, rel=0.05), 33)  # of a record of 30 s
    trace = stream.select(component="Z")[0].detrend("linear")
    trace.remove_response(obspy.read_inventory(), "VEL", water_level=None, pre_filt=(low / 2, low, high, 1.25 * high))
    middle = slice(300, -300)
    assert np.abs(record.data - trace.data)[middle].max() < 0.02 * np.abs(trace.data).max()


def test_gaps_stay_gaps_and_each_stretch_is_converted_for_itself() -> None:
    stream = obspy.read()
    start = stream[0].stats.starttime
    whole = shown(stream, Motion(Quantity.VELOCITY, book()), Z)
    stream.cutout(start + 20, start + 22)
    record = shown(stream, Motion(Quantity.VELOCITY, book()), Z)
    gap = np.isnan(record.data)
    assert gap.sum() == pytest.approx(200, abs=2)
    assert gap[2050:2150].all()
    agreeing = np.corrcoef(whole.data[300:1700], record.data[300:1700])[0, 1]
    assert agreeing > 0.99


def test_a_channel_without_a_response_stays_in_counts_and_says_so() -> None:
    stream = obspy.read()
    record = shown(stream, Motion(Quantity.DISPLACEMENT, StationBook()), Z)
    assert record.change is not None
    assert (record.change.unit, record.change.note) == ("", STAYS)
    assert record.change.reason == "BW.RJOB..EHZ stays in counts: the metadata do not know it at that time."
    assert np.array_equal(record.data, stream[0].data.astype(np.float32))


def test_a_record_that_outlives_its_metadata_stays_in_counts() -> None:
    stream, inventory = obspy.read(), obspy.read_inventory().select(station="RJOB", time=UTCDateTime(2009, 8, 24))
    for channel in inventory[0][0]:
        channel.end_date = stream[0].stats.starttime + 10
    record = shown(stream, Motion(Quantity.VELOCITY, book(inventory)), Z)
    assert record.change is not None
    assert record.change.note == STAYS


def test_each_epoch_has_its_own_response() -> None:
    stream, inventory = obspy.read(), obspy.read_inventory().select(station="RJOB", time=UTCDateTime(2009, 8, 24))
    middle = stream[0].stats.starttime + 15
    (station,) = inventory[0]
    late = deepcopy(station.channels)
    for channel, changed in zip(station.channels, late, strict=True):
        channel.end_date = changed.start_date = middle
        changed.response.response_stages[0].stage_gain *= 2
        changed.response.instrument_sensitivity.value *= 2
    station.channels += late
    one = shown(stream, Motion(Quantity.VELOCITY, book()), Z).data
    two = shown(stream, Motion(Quantity.VELOCITY, book(inventory)), Z).data
    early, later = slice(300, 1200), slice(1800, 2700)
    assert two[early].std() == pytest.approx(one[early].std(), rel=0.05)
    assert two[later].std() == pytest.approx(one[later].std() / 2, rel=0.05)


def test_synthetic_velocity_becomes_displacement_without_metadata() -> None:
    time = np.arange(6000) / 100
    trace = obspy.Trace(
        1e-3 * np.sin(2 * np.pi * 2 * time) * np.exp(-(((time - 30) / 5) ** 2)),
        {"sampling_rate": 100, "starttime": UTCDateTime(2020, 1, 1)},
    )
    channel = ChannelId("SY", "P01", "", "HXZ")
    trace.id = str(channel)
    record = shown(Stream([trace]), Motion(Quantity.DISPLACEMENT, StationBook()), channel)
    assert record.change is not None
    assert record.change.unit == "m"
    assert np.abs(record.data[2000:4000]).max() == pytest.approx(1e-3 / (2 * np.pi * 2), rel=0.02)


@pytest.mark.parametrize("quantity", [Quantity.COUNTS, Quantity.VELOCITY])
def test_rotation_is_obspy_s(quantity: Quantity) -> None:
    stream, known = obspy.read(), book()
    motion = Motion(quantity, known, {RJOB: 73.0})
    radial, transverse = (shown(stream, motion, channel).data for channel in (N, E))
    parts = {c: shown(stream, Motion(quantity, known), c).data.astype(float) for c in (N, E)}
    theirs = rotate_ne_rt(parts[N], parts[E], 73.0)
    largest = np.abs(theirs).max()
    assert radial == pytest.approx(theirs[0], abs=1e-5 * largest)
    assert transverse == pytest.approx(theirs[1], abs=1e-5 * largest)
    assert motion.key(Z) == Motion(quantity, known).key(Z)


def test_components_that_point_elsewhere_are_rotated_by_their_directions() -> None:
    angle = np.radians(30)
    north, east = 3.0, -2.0
    one, two = (np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))
    recorded = [north * one[0] + east * one[1], north * two[0] + east * two[1]]
    radial, transverse = (sum(w * x for w, x in zip(row, recorded, strict=True)) for row in rotation(one, two, 40.0))
    theirs = rotate_ne_rt(np.array([north]), np.array([east]), 40.0)
    assert (radial, transverse) == pytest.approx((theirs[0][0], theirs[1][0]))
    with pytest.raises(QuakeViewError, match="nearly the same direction"):
        rotation((1.0, 0.0), (0.999, 0.04), 40.0)


def test_only_two_horizontals_of_known_direction_can_be_rotated() -> None:
    stream = obspy.read()
    assert rotatable({RJOB: 73.0}, StationBook(), archive_of(stream)) == {RJOB: 73.0}  # N and E say it by their names
    for trace, letter in zip(stream, "Z12", strict=True):
        trace.stats.channel = f"EH{letter}"
    assert rotatable({RJOB: 73.0}, StationBook(), archive_of(stream)) == {}
    assert rotatable({RJOB: 73.0}, book(), archive_of(stream[:2])) == {}


def test_horizontals_without_a_time_in_common_cannot_be_rotated() -> None:
    stream = obspy.read()
    stream.select(component="E")[0].stats.starttime += 3600
    archive = archive_of(stream)
    change = Motion(Quantity.COUNTS, StationBook(), {RJOB: 73.0}).change(N, archive)
    with pytest.raises(QuakeViewError, match="no time in common"):
        load_display_record(archive, N, change=change)


def test_the_band_is_what_an_instrument_knows() -> None:
    """A seismometer of 1 Hz, an accelerometer, a gain alone, and a low sampling rate."""

    def seismometer(f: np.ndarray) -> np.ndarray:
        return np.asarray(1e9 * f**2 / (f**2 - 1.4j * f - 1), np.complex128)

    assert usable_band(seismometer, 100.0, vague=False) == (pytest.approx(0.22, abs=0.03), 33.0)
    assert usable_band(lambda f: 1e6 * f + 0j, 100.0, vague=True) == (0.05, 33.0)
    low, high = usable_band(lambda f: np.full(f.shape, 1e9 + 0j), 0.1, vague=True)
    assert 0 < low < high < 0.05
