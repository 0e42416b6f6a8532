"""Earthquakes of GeoJSON, as ComCat and other services give them."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.jobs import Progress
from quakeview.seismicity.reading.rows import Floats, Rows
from quakeview.seismicity.reading.tables import open_bytes
from quakeview.seismicity.reading.times import parse_times
from quakeview.texts import counted


def is_geojson(head: str) -> bool:
    """Whether a file that begins so is GeoJSON."""
    return head.lstrip("\ufeff \r\n\t").startswith("{") and '"Feature' in head


def read_geojson(path: Path, progress: Progress | None = None) -> tuple[Rows, list[str]]:
    """Read points with a time and a magnitude; their third coordinate is the depth in km.

    Raises:
        QuakeViewError: if the file is damaged.
        Cancelled: through ``progress``.
    """
    progress = progress or Progress()
    progress.advance(0, 1, path.name)
    try:
        with open_bytes(path) as (content, _):
            whole = json.loads(content.read())
    except (ValueError, OSError, EOFError) as error:
        raise QuakeViewError(
            f"{path.name} is cut off or damaged ({error}), and nothing of it can be read; download it again."
        ) from error
    features = whole.get("features", [whole])
    usable = [each for each in features if _is_point(each)]
    rows = _rows(usable)
    readable = np.isfinite(rows.time)
    lost = len(features) - int(readable.sum())
    notes = (
        [f"{path.name}: {counted(lost, 'entry has', 'entries have')} no time or no place, left out."] if lost else []
    )
    return rows.where(readable), notes


def _is_point(feature: Any) -> bool:
    if not isinstance(feature, dict):
        return False
    geometry = feature.get("geometry") or {}
    place = geometry.get("coordinates") or []
    return geometry.get("type") == "Point" and len(place) >= 2 and None not in place[:2]


def _rows(features: list[dict[str, Any]]) -> Rows:
    properties = [each.get("properties") or {} for each in features]
    places = [each["geometry"]["coordinates"] for each in features]
    return Rows.of(
        _times([each.get("time") for each in properties]),
        [float(place[1]) for place in places],
        [float(place[0]) for place in places],
        [_number(place[2] if len(place) > 2 else None) * 1e3 for place in places],
        [_number(each.get("mag", each.get("magnitude"))) for each in properties],
        magnitude_type=[str(each.get("magType") or each.get("magnitude_type") or "") for each in properties],
        identifier=[str(each.get("id") or "") for each in features],
        event_type=[str(own.get("type") or "") for own in properties],
    )


def _times(values: list[Any]) -> Floats:
    """Milliseconds since 1970, or texts."""
    texts = parse_times(np.array([value if isinstance(value, str) else "" for value in values], dtype=np.str_)).time
    return np.where(np.isnan(texts), [_number(value) / 1e3 for value in values], texts)


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else np.nan
