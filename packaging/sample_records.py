"""Make again the labelled records that ship with QuakeView: a small network on a geothermal field that does not exist.

    python packaging/sample_records.py     writes resources/records/geothermal-field, half a minute on one core

What the field is like is in ``quakeview/simulation/records/geothermal_field.py``. With the versions of NumPy, SciPy and
h5py of the day the files come out bit by bit; with others a count here and there may differ by one.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from obspy import UTCDateTime
from pyproj import Geod

from quakeview.simulation.records.geothermal_field import (
    SAMPLES,
    SAMPLING_RATE,
    FieldEvent,
    FieldRecord,
    FieldStation,
    GeothermalField,
)
from quakeview.training.samples import sample_records

EVENTS = {"train": 44, "dev": 12, "test": 24}
"""Earthquakes of each part, one part after the other in time."""
QUIET = {"train": 21, "dev": 7, "test": 7}
WELL = 48.05, 11.60
"""Latitude and longitude of a place where nobody drilled."""
BEGIN = UTCDateTime("2026-01-12T00:00:00")
_BUCKET = "records"


@dataclass(frozen=True)
class Labelled:
    """A record with where it stands in the data set; ``time`` is the origin time, or when the record begins."""

    record: FieldRecord
    split: str
    number: int
    event: FieldEvent | None
    time: UTCDateTime


def main() -> int:
    folder = sample_records()
    folder.mkdir(parents=True, exist_ok=True)
    records = list(all_records())
    write_waveforms(records, folder / "waveforms.hdf5")
    rows = [row(index, each) for index, each in enumerate(records)]
    with (folder / "metadata.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], restval="")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{folder}: {len(rows)} records, {sum(path.stat().st_size for path in folder.iterdir()) / 1e6:.2f} MB")
    return 0


def all_records() -> Iterator[Labelled]:
    """Earthquakes about ten hours apart, then what the stations recorded between them."""
    field, clock = GeothermalField(), np.random.default_rng(0)
    time, number, quiet = BEGIN, 0, 0
    for split in EVENTS:
        for _ in range(EVENTS[split]):
            time += float(clock.uniform(4, 16)) * 3600
            event = field.event(number)
            for record in field.records(number):
                yield Labelled(record, split, number, event, time)
            number += 1
        for _ in range(QUIET[split]):
            yield Labelled(field.quiet(quiet), split, quiet, None, time + 3600 + 60 * quiet)
            quiet += 1


def write_waveforms(records: list[Labelled], path: Any) -> None:
    """One array (records, 3, samples) of 16-bit counts, deflated record by record."""
    with h5py.File(path, "w") as file:
        file["data_format/component_order"] = "ZNE"
        file["data_format/dimension_order"] = "CW"
        file["data_format/sampling_rate"] = SAMPLING_RATE
        file.create_dataset(
            f"data/{_BUCKET}",
            data=np.stack([each.record.counts for each in records]),
            chunks=(1, 3, SAMPLES),
            compression="gzip",
            compression_opts=9,
            shuffle=True,
        )


def row(index: int, each: Labelled) -> dict[str, Any]:
    """The line of the metadata."""
    station, labels = each.record.station, each.record.labels
    return {
        "trace_name": f"{_BUCKET}${index},:3,:{SAMPLES}",
        "split": each.split,
        "trace_category": "noise" if labels is None else "earthquake",
        **_station(station),
        "trace_channel": "EH",
        "trace_start_time": each.time - each.record.origin,
        "trace_sampling_rate_hz": SAMPLING_RATE,
        "trace_npts": SAMPLES,
        "trace_component_order": "ZNE",
        "trace_p_arrival_sample": "" if labels is None else round(labels.p_sample, 2),
        "trace_s_arrival_sample": "" if labels is None else round(labels.s_sample, 2),
        "trace_p_snr_db": "" if labels is None else round(labels.p_snr_db, 1),
        "trace_s_snr_db": "" if labels is None else round(labels.s_snr_db, 1),
        "trace_p_polarity": "" if labels is None else {1: "up", -1: "down", 0: "undecidable"}[labels.polarity],
        **_source(each),
    }


def _station(station: FieldStation) -> dict[str, Any]:
    latitude, longitude = place(station.east, station.north)
    return {
        "station_network_code": "XX",
        "station_code": station.code,
        "station_latitude_deg": latitude,
        "station_longitude_deg": longitude,
        "station_elevation_m": 0.0,
        "station_depth_m": station.depth,
    }


def _source(each: Labelled) -> dict[str, Any]:
    if each.event is None or each.record.labels is None:
        return {"source_id": f"quiet {each.number:02d}"}
    latitude, longitude = place(each.event.east, each.event.north)
    return {
        "source_id": f"event {each.number:02d}",
        "source_origin_time": each.time,
        "source_latitude_deg": latitude,
        "source_longitude_deg": longitude,
        "source_depth_km": round(each.event.depth / 1000, 3),
        "source_magnitude": round(each.event.magnitude, 2),
        "source_magnitude_type": "Mw",
        "path_ep_distance_km": round(each.record.labels.epicentral_distance / 1000, 3),
        "path_back_azimuth_deg": round(each.record.labels.back_azimuth, 1),
    }


def place(east: float, north: float) -> tuple[float, float]:
    """Latitude and longitude, degrees, of metres from the well."""
    azimuth, distance = np.degrees(np.arctan2(east, north)), np.hypot(east, north)
    longitude, latitude, _ = Geod(ellps="WGS84").fwd(WELL[1], WELL[0], azimuth, distance)
    return round(latitude, 5), round(longitude, 5)


if __name__ == "__main__":
    raise SystemExit(main())
