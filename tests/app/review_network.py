"""Records of a small network with two earthquakes, made by the test: something to review by keyboard."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import obspy

from quakeview.monitoring.picks import Pick
from tests.events.test_finding import STATIONS, T0, picks_of

RATE = 50.0
OTHER = (35.55, -117.7, 6e3)
"""Place and depth of the second earthquake."""
BETWEEN = 60.0
"""Seconds between the two."""


def picks_of_both() -> list[Pick]:
    """Automatic P and S of both earthquakes at every station."""
    return [*picks_of(), *picks_of(OTHER, BETWEEN, seed=1)]


def write_network(folder: Path, picks: Sequence[Pick], seconds: float = 120.0) -> list[Path]:
    """A MiniSEED file with noise and a wave at each pick, and a list of the stations."""
    chance = np.random.default_rng(4)
    begin, stream = T0 - 20, obspy.Stream()
    for network, station in STATIONS:
        onsets = [pick for pick in picks if pick.channel_id.station == station]
        for component in "ZNE":
            data = chance.normal(size=round(seconds * RATE)) * 40
            for pick in onsets:
                _add_wave(data, pick.time - begin, 3000 if (pick.phase == "P") == (component == "Z") else 900)
            header = {"network": network, "station": station, "channel": f"HH{component}", "starttime": begin}
            stream += obspy.Trace(data.astype(np.int32), {**header, "sampling_rate": RATE})
    stream.write(str(folder / "network.mseed"), format="MSEED")
    rows = [
        f"{network},{station},{c.latitude},{c.longitude},{c.elevation}" for (network, station), c in STATIONS.items()
    ]
    (folder / "stations.csv").write_text("\n".join(["network,station,latitude,longitude,elevation_m", *rows]))
    return [folder / "network.mseed", folder / "stations.csv"]


def _add_wave(data: np.ndarray, onset: float, height: float) -> None:
    """A decaying 5 Hz oscillation from ``onset`` seconds on."""
    time = np.arange(len(data)) / RATE - onset
    after = np.clip(time, 0, None)
    data += height * (time > 0) * np.exp(-after) * np.sin(2 * np.pi * 5 * after)
