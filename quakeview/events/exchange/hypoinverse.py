"""HypoInverse: phases in (``.phs``), located events out (``.arc``), in the formats of the year 2000.

Klein, 2002: User's guide to HYPOINVERSE-2000, USGS Open-File Report 02-171, "Summary header and location format" and
"Station archive format". Numbers stand without their decimal points; columns are counted from 0 here.
"""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.events.event import Arrival, Event, Magnitude, Origin, Uncertainty
from quakeview.events.exchange.losses import FOR_NO_LOCATOR, left_out, renamed, written_as_zero
from quakeview.events.exchange.readings import P, Reading, S, by_id, numbers, readings
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus, Polarity
from quakeview.texts import counted
from quakeview.waveforms.channels import ChannelId, component_of

NAME = "HypoInverse phase"
_LACKS = (
    *FOR_NO_LOCATOR, "magnitudes", "amplitudes",
    "errors of hypocentres", "names of events", "names of velocity models", "focal mechanisms",
    "review statuses", "types of events", "reviewers",
)  # fmt: skip
_HEADER = re.compile(r"(18|19|20)\d\d[ \d]{8}[ \d.]{4}[ \d]{2}[ NSns][ \d.]{4}[ \d]{3}[ EWew][ \d.]{4}")
_POLARITIES = {"U": Polarity.UP, "C": Polarity.UP, "+": Polarity.UP, "D": Polarity.DOWN, "-": Polarity.DOWN}
_POLARITY_CODES = {Polarity.UP: "U", Polarity.DOWN: "D"}
_ONSETS = {"I": "impulsive", "E": "emergent"}
_ONSET_CODES = {onset: code for code, onset in _ONSETS.items()}
_NO_WEIGHT = 4
"""Weight code, and above, of readings that an analyst left out."""
_UNKNOWN_ERROR = 99.0
"""km; what is larger fills the field."""


def format_phases(events: Sequence[Event], picks: Sequence[Pick]) -> tuple[str, list[str]]:
    """The text of a phase file with the hypocentres as trial ones, and sentences about what it cannot hold."""
    known = by_id(picks)
    lines: list[str] = []
    phases: list[str] = []
    codes: set[tuple[str, ...]] = set()
    other = again = 0
    for number, event in numbers(events):
        seen = readings(event, known)
        timed = [reading for reading in seen if reading.family in (P, S)]
        rows = _by_channel(timed)
        other += len(seen) - len(timed)
        phases += [reading.arrival.phase for row in rows for reading in row.values()]
        again += len(timed) - sum(len(row) for row in rows)
        codes |= {(*reading.pick.channel_id[:2],) for row in rows for reading in row.values()}
        lines += [_header_line(number, event), *(_phase_line(row) for row in rows), f"{'':62}{number:10d}"]
    losses = left_out(NAME, events, picks, _LACKS)
    for count, why in ((other, "P and S only"), (again, "one P and one S of each channel")):
        if count:
            losses.append(f"{NAME} holds {why}: {counted(count, 'pick was', 'picks were')} left out.")
    if cut := sum(len(network) > 2 or len(station) > 5 for network, station in codes):
        losses.append(
            f"{NAME} holds two letters of a network and five of a station: {counted(cut, 'was', 'were')} cut."
        )
    losses += renamed(NAME, phases)
    losses += written_as_zero(events, "depth")
    if lines:
        losses.append("Times were rounded to 0.01 s, and uncertainties written as weight codes 0 to 4.")
    return "".join(f"{line}\n" for line in lines), losses


def is_archive(data: bytes) -> bool:
    """Is it an archive, a summary or a phase file, by its first line?"""
    return _HEADER.match(data[:100].decode("ascii", errors="replace")) is not None


def parse_archive(data: bytes, name: str) -> tuple[list[Event], list[Pick], list[str]]:
    """The events and picks of an archive, with or without shadow lines, and a sentence for each line that is neither.

    Raises:
        QuakeViewError: if there is no event in it.
    """
    events: list[Event] = []
    picks: list[Pick] = []
    left: list[str] = []
    for start, header, cards in _blocks(data.decode("ascii", errors="replace").splitlines()):
        try:
            event = _event(header, cards)
        except (ValueError, OverflowError):
            left.append(f"{name}, line {start} is not the summary of an event.")
            continue
        arrivals: list[Arrival] = []
        for number, card in enumerate(cards, start=start + 1):
            if not card[:5].strip() or card.startswith("$"):
                continue
            try:
                for pick, arrival in _readings(card, event.resource_id):
                    picks.append(pick)
                    arrivals.append(arrival)
            except (ValueError, OverflowError):
                left.append(f"{name}, line {number} is not a reading at a station.")
        events.append(event.with_(origin=replace(event.origin, arrivals=tuple(arrivals))))
    if not events:
        raise QuakeViewError(left[0] if left else f"{name} holds no events.")
    return events, picks, left


def _by_channel(seen: Sequence[Reading]) -> list[dict[str, Reading]]:
    """The first P and the first S of each channel; a line holds one of each."""
    rows: dict[ChannelId, dict[str, Reading]] = {}
    for reading in seen:
        rows.setdefault(reading.pick.channel_id, {}).setdefault(reading.family, reading)
    return list(rows.values())


def _line(fields: Mapping[int, str]) -> str:
    """Texts at their columns."""
    line = ""
    for column, text in fields.items():
        line = line.ljust(column)[:column] + text
    return line


def _header_line(number: int, event: Event) -> str:
    origin, time = event.origin, UTCDateTime(ns=round(event.time.ns, -7))
    latitude, longitude = (round(abs(value) * 6000) for value in (origin.latitude, origin.longitude))
    return _line(
        {
            0: f"{time.strftime('%Y%m%d%H%M')}{time.second * 100 + time.microsecond // 10_000:4d}",
            16: f"{latitude // 6000:2d}{'S' if origin.latitude < 0 else ' '}{latitude % 6000:4d}",
            23: f"{longitude // 6000:3d}{'E' if origin.longitude >= 0 else ' '}{longitude % 6000:4d}",
            31: f"{round((origin.depth or 0.0) / 10):5d}",
            136: f"{number:10d}",
        }
    )


def _phase_line(row: Mapping[str, Reading]) -> str:
    """Station, component and the seconds of P and S after a common minute."""
    pick = next(iter(row.values())).pick
    network, station, location, channel = (code.replace(UNKNOWN, " ") for code in pick.channel_id)
    minute = UTCDateTime(ns=pick.time.ns // 60_000_000_000 * 60_000_000_000)
    fields = {0: station[:5], 5: network[:2], 8: component_of(channel), 9: channel[:3], 16: "4"}
    if P in row:
        polarity = row[P].pick.polarity
        motion = _POLARITY_CODES.get(polarity, " ") if polarity else " "
        fields |= {13: f"{_onset(row[P])}P{motion}{row[P].weight_code}"}
        del fields[16]
    fields |= {17: minute.strftime("%Y%m%d%H%M")}
    fields |= {29: _seconds(row[P], minute)} if P in row else {}
    fields |= {41: f"{_seconds(row[S], minute)}{_onset(row[S])}S {row[S].weight_code}"} if S in row else {}
    return _line({**fields, 111: location[:2] or "--"})


def _seconds(reading: Reading, minute: UTCDateTime) -> str:
    return f"{round((reading.pick.time.ns - minute.ns) / 1e7):5d}"


def _onset(reading: Reading) -> str:
    return _ONSET_CODES.get(reading.pick.onset or "", " ")


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, str, list[str]]]:
    """The line number of each summary, the summary, and the lines below it."""
    starts = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start + 1, lines[start], [line for line in lines[start + 1 : end] if line.strip()]


def _number(line: str, column: int, length: int, decimals: int = 0) -> float | None:
    """A field; None if it is empty, or filled because the number did not fit."""
    text = line[column : column + length].strip()
    if not text or text.startswith("*"):
        return None
    return float(text) if "." in text else int(text) / 10**decimals


def _event(header: str, cards: Sequence[str]) -> Event:
    latitude = (_number(header, 16, 2) or 0.0) + (_number(header, 19, 4, 2) or 0.0) / 60
    longitude = (_number(header, 23, 3) or 0.0) + (_number(header, 27, 4, 2) or 0.0) / 60
    depth = _number(header, 31, 5, 2)
    minute = UTCDateTime.strptime(header[:12].replace(" ", "0"), "%Y%m%d%H%M")
    if latitude > 90 or longitude > 180:
        raise ValueError("no such place")
    located = bool(_number(header, 39, 3))
    origin = Origin(
        minute + (_number(header, 12, 4, 2) or 0.0),
        -latitude if header[18] in "Ss" else latitude,
        longitude if header[26] in "Ee" else -longitude,
        None if depth is None else depth * 1e3,
        "-" in header[80:82],
        uncertainty=_uncertainty(header) if located else None,
        rms=_number(header, 48, 4, 2) if located else None,
        gap=_number(header, 42, 3) if located else None,
        method="HypoInverse",
        velocity_model=header[110:113].strip(),
    )
    ends = [card[62:72].strip() for card in cards if not card[:5].strip()]
    number = next((text for text in (header[136:146].strip(), *ends) if text.strip("0")), "")
    own = number or str(uuid.uuid5(uuid.NAMESPACE_URL, header))
    return Event(origin, tuple(_magnitudes(header)), resource_id=f"smi:local/hypoinverse/{own}")


def _magnitudes(header: str) -> Iterator[Magnitude]:
    """The preferred one, the one from durations, and the one from amplitudes; 0 stands for none."""
    kinds = {146: _kind(header[146:147]), 69: "Md", 35: _kind(header[121:122] or "X")}
    found: dict[str, float] = {}
    for before, kind in kinds.items():
        value = _number(header, before + 1, 3, 2)
        if value:
            found.setdefault(kind, value)
    return (Magnitude(kind, value) for kind, value in found.items())


def _kind(label: str) -> str:
    return {"L": "ML", "W": "Mw", "": "M", " ": "M"}.get(label, f"M{label.lower()}")


def _uncertainty(header: str) -> Uncertainty | None:
    """Of the three principal errors (km, one standard deviation), or else of the horizontal and vertical error."""
    sizes = [_number(header, column, 4, 2) for column in (57, 66, 76)]
    angles = [_number(header, *field) for field in ((52, 3), (55, 2), (61, 3), (64, 2))]
    if all(size and size < _UNKNOWN_ERROR for size in sizes) and None not in angles:
        first, second = (_axis(*pair) for pair in (angles[:2], angles[2:]))
        axes = np.array([first, second, np.cross(first, second)])
        squared = np.diag([(size * 1e3) ** 2 for size in sizes if size])
        return Uncertainty.of(None, axes.T @ squared @ axes)
    horizontal, vertical = _number(header, 85, 4, 2), _number(header, 89, 4, 2)
    if not horizontal or not vertical or max(horizontal, vertical) >= _UNKNOWN_ERROR:
        return None
    return Uncertainty(None, *((horizontal * 1e3) ** 2,) * 2, (vertical * 1e3) ** 2)


def _axis(azimuth: float | None, dip: float | None) -> NDArray[np.float64]:
    """East, north and down of an axis."""
    along, down = np.radians([azimuth or 0.0, dip or 0.0])
    return np.array([np.cos(down) * np.sin(along), np.cos(down) * np.cos(along), np.sin(down)])


def _readings(card: str, event_id: str) -> Iterator[tuple[Pick, Arrival]]:
    """The P and the S of a line."""
    minute = UTCDateTime.strptime(card[17:29].replace(" ", "0"), "%Y%m%d%H%M")
    distance, azimuth = _number(card, 74, 4, 1), _number(card, 91, 3)
    location = card[111:113].strip()
    channel_id = ChannelId(
        card[5:7].strip() or UNKNOWN,
        card[:5].strip(),
        location.replace("--", "") if location else UNKNOWN,
        card[9:12].strip() or UNKNOWN,
    )
    for phase, remark, code, seconds, residual, used in ((P, 13, 16, 29, 34, 38), (S, 46, 49, 41, 50, 63)):
        second = _number(card, seconds, 5, 2)
        if phase not in card[remark : remark + 2].upper() or second is None:
            continue
        assigned, weight = int(_number(card, code, 1) or 0), _number(card, used, 3, 2)
        pick = Pick(
            channel_id,
            phase,
            minute + second,
            status=PickStatus.AUTOMATIC,
            polarity=_POLARITIES.get(card[15].upper()) if phase == P else None,
            onset=_ONSETS.get(card[remark].upper()),
            used=assigned < _NO_WEIGHT,
            resource_id=f"{event_id}/{re.sub(r'[^A-Za-z0-9]', '_', '_'.join(channel_id))}/{phase}",
        )
        yield (
            pick,
            Arrival(
                pick.resource_id,
                phase,
                None if distance is None else distance * 1e3,
                azimuth,
                _number(card, residual, 4, 2),
                min(weight, 1.0) if weight is not None else max(1 - assigned / 4, 0.0),
            ),
        )
