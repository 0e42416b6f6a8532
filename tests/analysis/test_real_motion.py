"""The back-azimuth of a real P wave, at stations beneath which rays are not bent much."""

import numpy as np
import pytest
from obspy import UTCDateTime, read

from quakeview.analysis.cuts import Cut
from quakeview.analysis.polarisation import particle_motion, polarisation
from quakeview.stations.coordinates import Coordinates, epicentral_path
from quakeview.waveforms.filters import Filter
from tests.shared import SHARED, needs_shared

FOLDER = SHARED / "data/continuous/ridgecrest_20190704_1650_1810/mseed"
EPICENTRE = 35.70851, -117.50126
"""Of magnitude 4.0 at 17:02:55, as relocated by Trugman (2020)."""
AXES = [(0.0, 0.0, 1.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)]


@needs_shared
@pytest.mark.parametrize(
    ("station", "place", "onset"),
    [
        ("CLC", Coordinates(35.81574, -117.59751, 775.0), "2019-07-04T17:02:58.408"),
        ("SRT", Coordinates(35.69235, -117.75051, 667.0), "2019-07-04T17:02:59.838"),
        ("TOW2", Coordinates(35.80856, -117.76488, 685.0), "2019-07-04T17:03:00.428"),
    ],
)
def test_the_motion_of_p_points_to_the_earthquake(station: str, place: Coordinates, onset: str) -> None:
    begin = UTCDateTime(onset)
    cuts = []
    for code in "ZNE":
        (trace,) = read(str(FOLDER / f"CI.{station}..HH{code}.mseed"), starttime=begin - 20, endtime=begin + 5)
        rate = trace.stats.sampling_rate
        data = Filter(low=1.0, high=10.0, zero_phase=False).apply(trace.data.astype(np.float32), rate)
        first = round((begin - trace.stats.starttime) * rate)
        cuts.append(Cut(trace.id, float(begin), rate, data[first : first + round(rate)]))
    found = polarisation(particle_motion(cuts, AXES))
    expected = epicentral_path(*EPICENTRE, place).back_azimuth
    assert found.rectilinearity > 0.6
    assert abs((found.back_azimuth - expected + 180) % 360 - 180) < 30
