"""Ground motion beside ObsPy's ``remove_response`` and ``simulate``, on the test data of ObsPy."""

import numpy as np
import obspy
import pytest
from obspy import Inventory, Trace
from obspy.signal.invsim import paz_2_amplitude_value_of_freq_resp

from quakeview.errors import QuakeViewError
from quakeview.stations.ground_motion import Quantity, ground_motion, wood_anderson
from quakeview.stations.responses import Response, metadata_of, response_of
from quakeview.waveforms.channels import ChannelId

WOOD_ANDERSON = {"poles": [-5.49779 + 5.60886j, -5.49779 - 5.60886j], "zeros": [0j], "gain": 1.0, "sensitivity": 1.0}
"""IASPEI (2013), from velocity."""
OBSPY = {Quantity.DISPLACEMENT: "DISP", Quantity.VELOCITY: "VEL", Quantity.ACCELERATION: "ACC"}


def recorded() -> tuple[Trace, Inventory, Response]:
    trace, inventory = obspy.read()[0], obspy.read_inventory()
    channel = ChannelId.parse(trace.id)
    trace.data = trace.data.astype(float)
    trace.detrend("linear")
    return trace, inventory, response_of(channel, metadata_of(channel, inventory, trace.stats.starttime))


def agrees(ours: np.ndarray, theirs: np.ndarray, within: float) -> None:
    """To a share of the largest value, away from the ends, which are not tapered alike."""
    middle = slice(len(ours) // 10, -len(ours) // 10)
    assert np.abs(ours - theirs)[middle].max() < within * np.abs(theirs[middle]).max()


@pytest.mark.parametrize("quantity", OBSPY)
def test_with_a_band_it_is_obspy_s_with_that_pre_filter(quantity: Quantity) -> None:
    trace, inventory, response = recorded()
    ours = ground_motion(trace.data, 100.0, response, quantity, (1.0, 20.0))
    trace.remove_response(inventory, OBSPY[quantity], water_level=None, pre_filt=(0.5, 1.0, 20.0, 25.0))
    agrees(ours, trace.data, 0.01)


@pytest.mark.parametrize("quantity", OBSPY)
def test_without_a_band_it_is_obspy_s_with_its_water_level(quantity: Quantity) -> None:
    trace, inventory, response = recorded()
    ours = ground_motion(trace.data, 100.0, response, quantity, None)
    trace.remove_response(inventory, OBSPY[quantity])
    agrees(ours, trace.data, 0.02)


def test_wood_anderson_is_obspy_s_simulation_of_it() -> None:
    trace, inventory, response = recorded()
    ours = ground_motion(trace.data, 100.0, response, Quantity.WOOD_ANDERSON, (1.0, 20.0))
    trace.remove_response(inventory, "VEL", water_level=None, pre_filt=(0.5, 1.0, 20.0, 25.0))
    trace.simulate(paz_simulate=WOOD_ANDERSON, simulate_sensitivity=False, taper=False, zero_mean=False)
    agrees(ours, trace.data, 0.01)


def test_wood_anderson_has_the_constants_of_iaspei_and_shows_fast_displacement_as_it_is() -> None:
    for f in (0.3, 1.25, 8.0):
        assert abs(wood_anderson(np.array([f]))[0]) == pytest.approx(
            paz_2_amplitude_value_of_freq_resp(WOOD_ANDERSON, f), rel=1e-5
        )
    assert abs(wood_anderson(np.array([100.0]))[0]) * 2 * np.pi * 100 == pytest.approx(1, rel=1e-3)


def test_a_long_record_with_its_interpolated_response_is_obspy_s() -> None:
    trace, inventory, response = recorded()
    trace.data = np.random.default_rng(1).standard_normal(2**17)
    ours = ground_motion(trace.data, 100.0, response, Quantity.VELOCITY, (0.5, 40.0))
    trace.remove_response(inventory, "VEL", water_level=None, pre_filt=(0.25, 0.5, 40.0, 47.5))
    agrees(ours, trace.data, 0.002)


def test_a_gain_alone_only_scales_what_is_in_the_band() -> None:
    time = np.arange(4000) / 100
    counts = 500 * np.sin(2 * np.pi * 5 * time) + 3e5 + 20 * time
    velocity = ground_motion(counts, 100.0, lambda f: np.full(f.shape, 1e9 + 0j), Quantity.VELOCITY, (1.0, 20.0))
    assert velocity[1000:3000] == pytest.approx(5e-7 * np.sin(2 * np.pi * 5 * time[1000:3000]), abs=1e-11)


def test_counts_stay_as_they_are_and_every_quantity_has_a_unit() -> None:
    counts = np.array([3, 1, 4])
    assert ground_motion(counts, 100.0, lambda f: f + 0j, Quantity.COUNTS, None).tolist() == [3, 1, 4]
    assert [quantity.unit for quantity in Quantity] == ["counts", "m", "m/s", "m/s²", "m"]
    assert [quantity.label for quantity in Quantity][-1] == "Wood-Anderson"


@pytest.mark.parametrize("samples", [0, 1, 2, 3, 7])
def test_hardly_any_samples_give_as_many_finite_ones(samples: int) -> None:
    for band in (None, (1.0, 20.0)):
        motion = ground_motion(np.arange(samples), 100.0, lambda f: f + 1j, Quantity.DISPLACEMENT, band)
        assert motion.shape == (samples,)
        assert np.isfinite(motion).all()


@pytest.mark.parametrize("band", [(0.0, 10.0), (5.0, 1.0), (1.0, 50.0), (float("nan"), 10.0)])
def test_a_band_that_does_not_fit_is_refused(band: tuple[float, float]) -> None:
    with pytest.raises(QuakeViewError, match=r"choose a band below 47\.5 Hz"):
        ground_motion(np.ones(100), 100.0, lambda f: f + 0j, Quantity.VELOCITY, band)
