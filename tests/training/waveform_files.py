"""Small data sets in every layout, with one clear earthquake in each record."""

import csv
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

P_SECONDS, S_SECONDS = 20.0, 26.0


def earthquake(rng: np.random.Generator, rate: float, seconds: float = 60.0) -> NDArray[np.float32]:
    """(3, n) Z, N, E: noise, a P on the vertical at ``P_SECONDS``, a larger S on the horizontals at ``S_SECONDS``."""
    time = np.arange(int(seconds * rate)) / rate
    data = 0.05 * rng.standard_normal((3, len(time)))
    for onset, amplitudes in ((P_SECONDS, (1.0, 0.3, 0.2)), (S_SECONDS, (0.5, 2.0, 1.5))):
        late = np.clip(time - onset, 0, None)
        wave = np.sin(2 * np.pi * 6 * late) * np.exp(-late / 2) * (late > 0)
        data += np.array(amplitudes)[:, None] * wave
    return data.astype(np.float32)


def write_table(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def write_seisbench(folder: Path, n_events: int = 6, stations: int = 2, rate: float = 100.0) -> Path:
    """Each event at some stations; the split column goes by event."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    rows = []
    with h5py.File(folder / "waveforms.hdf5", "w") as file:
        file["data_format/component_order"] = "ZNE"
        file["data_format/dimension_order"] = "CW"
        for number in range(n_events * stations):
            event, station = divmod(number, stations)
            file[f"data/trace{number}"] = earthquake(rng, rate)
            rows.append(
                {
                    "trace_name": f"trace{number}",
                    "trace_sampling_rate_hz": rate,
                    "trace_p_arrival_sample": P_SECONDS * rate,
                    "trace_s_arrival_sample": S_SECONDS * rate if number % 4 != 3 else "",
                    "source_id": f"event{event}",
                    "source_magnitude": 1 + 0.5 * event,
                    "path_ep_distance_km": 10.0 * (station + 1),
                    "path_back_azimuth_deg": 40.0 * event,
                    "trace_p_polarity": "UD"[event % 2],
                    "station_network_code": "XX",
                    "station_code": f"S{station}",
                    "trace_channel": "HHZ,HHN,HHE",
                    "split": "train" if event < n_events - 2 else "dev",
                    "clean": number % 4 != 3,
                }
            )
    write_table(folder / "metadata.csv", rows)
    return folder
