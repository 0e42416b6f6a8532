"""Events as CSV: one line per event, a header line, UTF-8.

Written are the columns ``COLUMNS``: depth and errors in km, ``gap`` in degrees, ``rms`` and ``time_error`` in seconds.
The horizontal error is one standard deviation along the longer axis of the ellipse. Only time, latitude and longitude
are needed to read a file. Tables of spreadsheets, agencies and other programs are read too: separated by semicolons or
tabs, with decimal commas, with the time in several columns, with the columns of USGS, SCEDC, SeisBench, GaMMA, ZMAP ...
A depth without a unit is in kilometres.
"""

import csv
import io
import math
import re
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import Event, EventStatus, FocalMechanism, Magnitude, Origin, Uncertainty
from quakeview.events.quakeml.reading import DEPTHS
from quakeview.monitoring.catalogue_text import carried_over
from quakeview.monitoring.pick_table import decoded, parse_time, separator_of
from quakeview.monitoring.quakeml import standard_event_type
from quakeview.texts import counted

COLUMNS = (
    "id",
    "time",
    "latitude",
    "longitude",
    "depth_km",
    "magnitude",
    "magnitude_type",
    "gap",
    "rms",
    "picks",
    "status",
    "event_type",
    "reviewer",
    "reviewed_at",
    "time_error",
    "horizontal_error_km",
    "depth_error_km",
    "depth_fixed",
    "magnitude_stations",
    "name",
    "method",
    "velocity_model",
    "author",
    "strike",
    "dip",
    "rake",
    "mechanism_spread",
    "mechanism_quality",
)
_ALIASES = {
    **dict.fromkeys(("event_id", "eventid", "evid", "source_id", "publicid", "index", "event_index", "idx"), "id"),
    **dict.fromkeys(("origin_time", "source_origin_time", "timestamp", "datetime", "origintime", "date_time"), "time"),
    **dict.fromkeys(("lat", "source_latitude_deg", "latitude_deg", "latitude(deg)"), "latitude"),
    **dict.fromkeys(("lon", "long", "lng", "source_longitude_deg", "longitude_deg", "longitude(deg)"), "longitude"),
    **dict.fromkeys(("depth", "dep", "depth/km", "depth(km)", "source_depth_km", "z(km)", "depthkm"), "depth_km"),
    **dict.fromkeys(("depth(m)", "depth/m"), "depth_m"),
    **dict.fromkeys(("mag", "source_magnitude", "preferred_magnitude", "m"), "magnitude"),
    **dict.fromkeys(("magtype", "mag_type", "source_magnitude_type", "type_of_magnitude"), "magnitude_type"),
    **dict.fromkeys(("azimuthal_gap", "azgap", "azimuthalgap", "gap_deg"), "gap"),
    **dict.fromkeys(("rms_s", "standard_error", "sigma_time"), "rms"),
    **dict.fromkeys(("horizontalerror", "erh", "eh", "horizontal_error", "errh"), "horizontal_error_km"),
    **dict.fromkeys(("deptherror", "erz", "ez", "depth_error", "errz"), "depth_error_km"),
    **dict.fromkeys(("magnst", "magnitude_station_count"), "magnitude_stations"),
    **dict.fromkeys(("place", "eventlocationname", "region", "description", "location_name"), "name"),
    **dict.fromkeys(("net", "contributor", "agency", "source"), "author"),
    **dict.fromkeys(("evaluation_mode", "evaluation_status", "review_status"), "status"),
    **dict.fromkeys(("type", "eventtype"), "event_type"),
    **dict.fromkeys(("number_of_pick", "num_picks", "nst", "n_picks", "number_picks", "nphs"), "picks"),
    **dict.fromkeys(("sec", "seconds"), "second"),
    **dict.fromkeys(("min", "minutes"), "minute"),
    **dict.fromkeys(("hr", "hours"), "hour"),
    **dict.fromkeys(("mo", "mon"), "month"),
    **dict.fromkeys(("yr",), "year"),
}
_TYPED = {"ml": "ML", "mw": "Mw", "md": "Md", "mb": "mb", "ms": "Ms"}
_CLOCK = ("year", "month", "day", "hour", "minute", "second")
_PARTS = (*_CLOCK, "date", "depth_m", *_TYPED)
_STATUSES = {
    **dict.fromkeys(("reviewed", "manual", "confirmed"), EventStatus.REVIEWED),
    "final": EventStatus.FINAL,
    **dict.fromkeys(("rejected", "deleted"), EventStatus.REJECTED),
}
_MISSING = ("", "nan", "null", "none", "na", "n/a", "-", "--", "nat")
_MAGNITUDES = (-5.0, 11.0)
_LARGEST = 2e4
"""km; what is larger is no error of a place."""


def format_csv(events: Iterable[Event]) -> str:
    """The whole table, header included."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_cells, events))
    return text.getvalue()


def is_table_of_events(data: bytes, name: str) -> bool:
    """Does the first line name a time and a place, and no phase?"""
    header = _header(decoded(data, name))
    return _has_time(header) and {"latitude", "longitude"} <= set(header) and "phase" not in header


def parse_csv(data: bytes, name: str) -> tuple[list[Event], list[str]]:
    """Events of a table, and sentences about lines that are none and about what was not used.

    Raises:
        QuakeViewError: names ``name`` and what is wrong with the first line, if none can be read.
    """
    text = decoded(data, name)
    header, comma = _header(text), separator_of(text) != ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    next(reader, None)
    table = _Table(name, header, comma)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                table.add(reader.line_num, [cell.strip() for cell in cells])
    except csv.Error as error:
        table.left_out.append(f"{name}, line {reader.line_num}: {error}; nothing from there on was read.")
    if table.left_out and not table.events:
        raise QuakeViewError(table.left_out[0])
    unused = [column for column in header if column not in (*COLUMNS, *_PARTS) and column]
    told = [f"{name}: the {_columns(unused)} not used."] if unused else []
    return table.events, [*told, *table.notes()]


class _Table:
    """The events of a table as they are read, and what was wrong with others."""

    def __init__(self, name: str, header: Sequence[str], decimal_comma: bool) -> None:
        self.name, self.stem, self.header = name, _in_an_id(PurePath(name).stem), header
        self.decimal_comma = decimal_comma
        self.events: list[Event] = []
        self.left_out: list[str] = []
        self.impossible: Counter[str] = Counter()

    def add(self, line: int, cells: Sequence[str]) -> None:
        """Read a line; of two columns that mean the same the first one counts."""
        try:
            if len(cells) < len(self.header) or any(cells[len(self.header) :]):
                raise ValueError("the number of cells differs from the first line")
            row: dict[str, str] = {}
            for column, cell in zip(self.header, cells, strict=False):
                row.setdefault(column, cell)
            self.events.append(self._event(row))
        except (ValueError, OverflowError) as error:
            self.left_out.append(f"{self.name}, line {line}: {error}.")

    def notes(self) -> list[str]:
        """What is told of the whole table; lines that are no events in full, the reading shortens the list."""
        strange = [
            f"{self.name}: {counted(number, f'{what} is', f'{what}s are')} impossible and counted as not known."
            for what, number in self.impossible.items()
        ]
        return [*strange, *self.left_out]

    def _event(self, row: dict[str, str]) -> Event:
        time = _time(row)
        latitude, longitude = self._number(row, "latitude"), self._number(row, "longitude")
        if latitude is None or longitude is None:
            raise ValueError("latitude or longitude is empty")
        if abs(latitude) > 90 or abs(longitude) > 360:
            raise ValueError(f"there is no place {latitude:g}, {longitude:g}")
        depth = self._depth(row)
        origin = Origin(
            time,
            latitude,
            (longitude + 180) % 360 - 180 if abs(longitude) > 180 else longitude,
            depth,
            row.get("depth_fixed", "").lower() in ("true", "yes", "1"),
            uncertainty=self._uncertainty(row),
            rms=self._number(row, "rms"),
            gap=self._number(row, "gap"),
            method=row.get("method", ""),
            velocity_model=row.get("velocity_model", ""),
            author=row.get("author", ""),
        )
        status = _STATUSES.get(row.get("status", "").lower(), EventStatus.AUTOMATIC)
        identity, mechanism = self._id(row, origin), self._mechanism(row)
        return Event(
            *(origin, self._magnitudes(row), (), status, row.get("name", ""), identity, mechanism),
            kind=self._kind(row.get("event_type", "")),
            reviewer=row.get("reviewer", ""),
            reviewed_at=self._reviewed_at(row),
        )

    def _mechanism(self, row: dict[str, str]) -> FocalMechanism | None:
        strike, dip, rake, spread = (
            self._number(row, column) for column in ("strike", "dip", "rake", "mechanism_spread")
        )
        if strike is None or dip is None or rake is None:
            return None
        if not (0 <= dip <= 90 and abs(strike) <= 360 and abs(rake) <= 360):
            self.impossible["mechanism"] += 1
            return None
        letter, author = row.get("mechanism_quality", ""), row.get("author", "")
        return FocalMechanism(strike, dip, rake, spread, quality=letter, author=author)

    def _kind(self, text: str) -> str:
        """QuakeML's event type of what a cell says; what no agency writes is not known."""
        kind = "" if text.lower() in _MISSING else standard_event_type(text)
        if kind == "other event" and not text.lower().startswith("other"):
            self.impossible["event type"] += 1
            return ""
        return kind

    def _reviewed_at(self, row: dict[str, str]) -> UTCDateTime | None:
        try:
            return parse_time(row["reviewed_at"]) if row.get("reviewed_at") else None
        except ValueError:
            self.impossible["time of review"] += 1
            return None

    def _magnitudes(self, row: dict[str, str]) -> tuple[Magnitude, ...]:
        number = self._number(row, "magnitude_stations")
        stations = None if number is None else int(number)
        found = []
        for column, kind in {"magnitude": row.get("magnitude_type") or "M", **_TYPED}.items():
            value = self._number(row, column)
            if value is not None and not _MAGNITUDES[0] <= value <= _MAGNITUDES[1]:
                self.impossible["magnitude"] += 1
            elif value is not None:
                found.append(Magnitude(kind, value, stations=stations))
        return tuple(found)

    def _depth(self, row: dict[str, str]) -> float | None:
        kilometres, metres = self._number(row, "depth_km"), self._number(row, "depth_m")
        depth = metres if kilometres is None else kilometres * 1e3
        if depth is not None and not DEPTHS[0] <= depth <= DEPTHS[1]:
            self.impossible["depth"] += 1
            return None
        return depth

    def _uncertainty(self, row: dict[str, str]) -> Uncertainty | None:
        horizontal, depth = self._number(row, "horizontal_error_km"), self._number(row, "depth_error_km")
        if horizontal is None or depth is None or not (0 <= horizontal <= _LARGEST and 0 <= depth <= _LARGEST):
            return None
        return Uncertainty(self._number(row, "time_error"), *((horizontal * 1e3) ** 2,) * 2, (depth * 1e3) ** 2)

    def _id(self, row: dict[str, str], origin: Origin) -> str:
        """The file's own, or one that follows from time and place."""
        own = row.get("id", "")
        if re.match(r"(smi|quakeml):", own):
            return own
        where = f"{origin.time} {origin.latitude} {origin.longitude}"
        return f"smi:local/{self.stem}/{_in_an_id(own) or uuid.uuid5(uuid.NAMESPACE_URL, where)}"

    def _number(self, row: dict[str, str], column: str) -> float | None:
        text = row.get(column, "")
        if text.lower() in _MISSING:
            return None
        try:
            value = float(text.replace(",", ".") if self.decimal_comma else text)
        except ValueError:
            raise ValueError(f"{column} {text!r} is not a number") from None
        return value if math.isfinite(value) else None


def _cells(event: Event) -> tuple[str, ...]:
    origin, magnitude, known = event.origin, event.magnitude, event.origin.uncertainty
    error = None if known is None else math.sqrt(max(_longer_variance(known), 0.0)) / 1e3
    mechanism = event.mechanism
    return (
        event.resource_id,
        str(origin.time),
        repr(origin.latitude),
        repr(origin.longitude),
        _text(None if origin.depth is None else origin.depth / 1e3),
        _text(magnitude.value if magnitude else None),
        magnitude.kind if magnitude else "",
        _text(origin.gap),
        _text(origin.rms),
        str(len(origin.used)) if origin.arrivals else "",
        event.status,
        event.kind,
        event.reviewer,
        "" if event.reviewed_at is None else str(event.reviewed_at),
        _text(known.time if known else None),
        _text(error),
        _text(None if known is None else known.depth_error / 1e3),
        "true" if origin.depth_fixed else "false",
        str(magnitude.stations) if magnitude and magnitude.stations is not None else "",
        event.name,
        origin.method,
        origin.velocity_model,
        origin.author,
        *(
            ("",) * 5
            if mechanism is None
            else (
                *(_text(value) for value in (mechanism.strike, mechanism.dip, mechanism.rake, mechanism.spread)),
                mechanism.quality,
            )
        ),
    )


def _longer_variance(known: Uncertainty) -> float:
    """The larger eigenvalue of the covariance of east and north, m²."""
    mean, half = (known.east + known.north) / 2, (known.east - known.north) / 2
    return mean + math.hypot(half, known.east_north)


def _header(text: str) -> list[str]:
    """Our names of the columns; of two that mean the same the first one counts."""
    try:
        cells = next(csv.reader(io.StringIO(text), delimiter=separator_of(text)), [])
    except csv.Error:
        return []
    names = [re.sub(r"\s+", "_", cell.strip().lower().lstrip("#").strip()) for cell in cells]
    ours = [_ALIASES.get(name, name) for name in names]
    if "date" in ours and "time" not in ours and not set(_CLOCK[3:]) <= set(ours):
        ours[ours.index("date")] = "time"
    return ours


def _has_time(header: Sequence[str]) -> bool:
    return "time" in header or set(_CLOCK) <= set(header)


def _time(row: dict[str, str]) -> UTCDateTime:
    text = row.get("time", "")
    if not text and all(row.get(part) for part in _CLOCK):
        year, month, day, hour, minute = (int(float(row[part])) for part in _CLOCK[:-1])
        return UTCDateTime(year, month, day, hour, minute) + float(row["second"].replace(",", "."))
    if "date" in row and ":" in text and len(text) < len("2019-07-04T1"):
        text = f"{row['date']}T{text}"
    text = text.replace("/", "-").removesuffix("UTC").strip()
    try:
        return parse_time(text)
    except ValueError:
        later = carried_over(text)
        if later is None:
            raise
        return UTCDateTime(later)


def _columns(names: Sequence[str]) -> str:
    return f"column {names[0]} was" if len(names) == 1 else f"columns {', '.join(names)} were"


def _in_an_id(text: str) -> str:
    """With the characters that QuakeML allows."""
    return re.sub(r"[^\w\-.*()~']", "_", text, flags=re.ASCII)


def _text(value: float | None) -> str:
    """Twelve digits: km that were metres do not become 5.0200000000000005."""
    return "" if value is None else f"{value:.12g}"
