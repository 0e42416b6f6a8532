"""Channel ids for traces, sensible and unique also where the format has none."""

import re
from collections.abc import Sequence
from pathlib import Path

from quakeview.waveforms.channels import ChannelId

_WIN_CHANNEL = re.compile(r"[0-9a-f]{4}")
_CODE = re.compile(r"[BCDEFGHLMSV][DGHLNP][ZNERTUVW123]|[A-Z]{2}[ZNERT12]|[A-Z]?[ZNERTU]")
_COMPONENT = re.compile(r"[ZNERTU123]")
_STATION = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9]{2,5}")
_STATION_FOLDER = re.compile(r"(?:[A-Z0-9]{1,2}[._])?(?=.*[A-Z])([A-Z0-9]{2,5})")
_LOCATION = re.compile(r"\d\d")
_NOT_CODES = {"SAC", "BIN", "DAT", "GZ", "D", "Q", "M", "SEED", "MSEED", "SGY", "SEGY", "TXT", "WAV"}


def are_complete(ids: Sequence[ChannelId]) -> bool:
    """Do all have a station and a channel code?"""
    return all(channel_id.station and channel_id.channel for channel_id in ids)


def complete(ids: Sequence[ChannelId], path: Path, label: str) -> tuple[list[ChannelId], str | None]:
    """An id with station for each trace of a file, and a sentence on codes that are taken from its name.

    A trace without station or channel code takes those in the names of the file and its folder
    (``ABC.Z.sac``, ``ABC/HHZ.sac``). Where these say nothing it is named after its file (``label``, different from
    those of other files), and numbered if the file has several of them, as a SEG-Y gather has. WIN channel numbers are
    unique and serve as station codes.
    """
    nameless = sum(not any(channel_id[:2]) and not channel_id.channel for channel_id in ids)
    station, channel = codes_in_name(path)
    completed: list[ChannelId] = []
    guessed: dict[ChannelId, None] = {}
    for number, channel_id in enumerate(ids, start=1):
        if not any(channel_id[:2]) and _WIN_CHANNEL.fullmatch(channel_id.channel):
            channel_id = channel_id._replace(station=channel_id.channel)
        elif nameless > 1 and not channel_id.station and not channel_id.channel:
            channel_id = channel_id._replace(station=f"{label}-{number:0{len(str(len(ids)))}d}")
        elif not channel_id.station:
            channel_id = channel_id._replace(station=station or label, channel=channel_id.channel or channel)
            guessed[channel_id] = None
        elif not channel_id.channel:
            codes = {"channel": channel} if channel else {"station": f"{channel_id.station}-{label}"}
            channel_id = channel_id._replace(**codes)
            guessed[channel_id] = None
        completed.append(channel_id)
    if not guessed:
        return completed, None
    named = ", ".join(map(str, guessed))
    return completed, f"{path.name} has no full codes of its channel; it is called {named}, after its name."


def codes_in_name(path: Path) -> tuple[str, str]:
    """Station and channel code that the names of a file and its folders suggest; empty if they do not.

    The channel is the last part of the file's name that looks like one, the station the part before it (with a
    location code between them or not); else they are the names of the folders.
    """
    parts = [part for part in re.split(r"[._\- ]+", path.name) if part and part.upper() not in _NOT_CODES]
    places = [k for k, part in enumerate(parts) if _CODE.fullmatch(part.upper())]
    full = [k for k in places if len(parts[k]) == 3 and parts[k].upper()[1] in "DGHLNP"]
    place = full[-1] if full else places[-1] if places else None
    if place is None and parts and _COMPONENT.fullmatch(parts[-1]):
        place = len(parts) - 1
    folders = [path.parent.name, path.parent.parent.name]
    channel = ""
    if place is not None:
        channel = parts[place].upper()
        before = place - 1
        if before >= 0 and _LOCATION.fullmatch(parts[before]):
            before -= 1
        if before >= 0 and _STATION.fullmatch(parts[before]):
            return parts[before], channel
    elif _CODE.fullmatch(folders[0]):
        channel, folders = folders[0], folders[1:]
    match = _STATION_FOLDER.fullmatch(folders[0])
    return (match[1] if match else ""), channel


def file_label(path: Path, taken: dict[str, Path]) -> str:
    """A name for the traces of a file, from its own name; its folder's name is added if another file has taken it."""
    stem = _plain(path.stem or path.name)
    candidates = [stem, _plain(f"{path.parent.name}-{path.stem}"), _plain("-".join(path.with_suffix("").parts[1:]))]
    for label in candidates:
        if taken.setdefault(label, path) == path:
            return label
    label = _plain(f"{candidates[-1]}-{path.suffix}")
    taken[label] = path
    return label


def _plain(name: str) -> str:
    """A file's name without what a station code has not: blanks, control characters and dots."""
    return re.sub(r"[.\s]+", "_", "".join(c for c in name if c.isprintable()).strip())
