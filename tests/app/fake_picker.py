"""A picker for tests of the window: the largest sample of a channel is P, three seconds later is S."""

import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from quakeview.jobs import Progress
from quakeview.monitoring.annotate import PickCurves, StationResult
from quakeview.monitoring.picks import Pick, PickStatus
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument

NAME = "Fake"


def pick_archive(
    archive: Archive,
    model_name: str,
    p_threshold: float = 0.3,
    s_threshold: float = 0.3,
    device: str = "auto",
    stations: Iterable[Instrument] | None = None,
    *,
    progress: Progress,
    pause: float = 0.0,
    **_: Any,
) -> list[StationResult]:
    """The signature of ``quakeview.monitoring.annotate.pick_archive``; stations without a vertical get a reason."""
    chosen = list(archive.stations if stations is None else stations)
    results = []
    for done, station in enumerate(chosen):
        for _ in range(round(pause / 0.02)):
            progress.advance(done, len(chosen), f"{station.station} ({done + 1} of {len(chosen)})")
            time.sleep(0.02)
        progress.advance(done, len(chosen), f"{station.station} ({done + 1} of {len(chosen)})")
        result = _pick_station(archive, station, model_name)
        progress.publish(result)
        results.append(result)
    progress.advance(len(chosen), len(chosen))
    return results


def _pick_station(archive: Archive, station: Instrument, model_name: str) -> StationResult:
    channels = archive.stations[station]
    if "Z" not in channels:
        return StationResult(station, (), f"{station.station} has no vertical component.")
    trace = archive.read(channels["Z"])[0].detrend("demean")
    sample = int(np.argmax(np.abs(trace.data)))
    onset = trace.stats.starttime + sample * trace.stats.delta - 1.0
    horizontal = channels.get("N", channels["Z"])
    p = Pick(channels["Z"], "P", onset, PickStatus.AUTOMATIC, 0.97, model=model_name)
    s = Pick(horizontal, "S", onset + 3.0, PickStatus.AUTOMATIC, 0.81, model=model_name)
    seconds = np.arange(trace.stats.npts) * trace.stats.delta
    first = onset - trace.stats.starttime
    curves = [
        (height * np.exp(-(((seconds - time) / 0.4) ** 2))).astype(np.float16)
        for time, height in ((first, 0.97), (first + 3, 0.81))
    ]
    found = PickCurves(trace.stats.starttime, trace.stats.sampling_rate, *curves)
    return StationResult(station, (p, s), None, (found,))
