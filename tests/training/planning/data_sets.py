"""Small data sets with times and places, and ways to spoil them."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.training.record_config import SourceConfig
from tests.training.waveform_files import P_SECONDS, S_SECONDS, earthquake, write_table

BEGIN = UTCDateTime(2021, 3, 1)


def rows_of(n_events: int = 6, stations: int = 3, rate: float = 100.0) -> list[dict[str, Any]]:
    """An earthquake every hour, ever further north, at some stations; the first two thirds are for training."""
    return [
        {
            "trace_name": f"trace{event}-{station}",
            "trace_sampling_rate_hz": rate,
            "trace_npts": round(60 * rate),
            "trace_start_time": str(BEGIN + 3600 * event),
            "trace_p_arrival_sample": P_SECONDS * rate,
            "trace_s_arrival_sample": S_SECONDS * rate,
            "trace_p_polarity": "UD"[event % 2],
            "source_id": f"event{event}",
            "source_origin_time": str(BEGIN + 3600 * event + P_SECONDS - 8),
            "source_latitude_deg": 45 + 0.3 * event,
            "source_longitude_deg": 10.0,
            "source_depth_km": 8.0,
            "source_magnitude": 1 + 0.5 * event,
            "path_ep_distance_km": 48.0,
            "station_network_code": "XX",
            "station_code": f"S{station}",
            "station_latitude_deg": 45.4 + 0.01 * station,
            "station_longitude_deg": 10.1,
            "trace_component_order": "ZNE",
            "split": "train" if event < 2 * n_events / 3 else "dev" if event % 2 else "test",
        }
        for event in range(n_events)
        for station in range(stations)
    ]


def waveforms_of(rows: list[dict[str, Any]]) -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(0)
    return {row["trace_name"]: earthquake(rng, row["trace_sampling_rate_hz"]) for row in rows}


def write_data(
    folder: Path, rows: list[dict[str, Any]] | None = None, waveforms: dict[str, NDArray[Any]] | None = None
) -> SourceConfig:
    """A data set in SeisBench layout."""
    rows = rows_of() if rows is None else rows
    folder.mkdir(parents=True)
    write_table(folder / "metadata.csv", rows)
    with h5py.File(folder / "waveforms.hdf5", "w") as file:
        for name, data in (waveforms or waveforms_of(rows)).items():
            file[f"data/{name}"] = data
    return SourceConfig("seisbench", folder)
