"""Channel ids for traces, sensible and unique also where the format has none."""

import re
from functools import lru_cache
from pathlib import Path

from obspy import Stream

from quakeview.waveforms.channels import ChannelId

_CHANNEL_IN_NAME = re.compile(r"[A-Z]{0,2}[ZNERT]|[A-Z]{2}[12]")
_WIN_CHANNEL = re.compile(r"[0-9a-f]{4}")


def ids_in_headers(stream: Stream) -> list[ChannelId]:
    """The ids as the format gives them; any code may be empty."""
    codes = ((s.network, s.station, s.location, s.channel) for s in (trace.stats for trace in stream))
    return [ChannelId(*map(_plain, code)) for code in codes]


def are_complete(ids: list[ChannelId]) -> bool:
    """Do all have a station and a channel code?"""
    return all(channel_id.station and channel_id.channel for channel_id in ids)


def complete(ids: list[ChannelId], file_label: str) -> list[ChannelId]:
    """An id with station for each trace of a file, different from those of other files.

    A trace without a station code is named after its file (``file_label``), and numbered if the file has several of
    them, as a SEG-Y gather has; WIN channel numbers are unique and serve as station codes. A trace without a channel
    code takes the one in the file name (``ABC.Z.sac``).
    """
    nameless = sum(not any(channel_id[:2]) and not channel_id.channel for channel_id in ids)
    completed: list[ChannelId] = []
    for number, channel_id in enumerate(ids, start=1):
        if not any(channel_id[:2]) and _WIN_CHANNEL.fullmatch(channel_id.channel):
            channel_id = channel_id._replace(station=channel_id.channel)
        elif not channel_id.station:
            numbered = nameless > 1 and not channel_id.channel
            station = f"{file_label}-{number:0{len(str(len(ids)))}d}" if numbered else file_label
            channel_id = channel_id._replace(station=station)
        elif not channel_id.channel:
            channel_id = _channel_from_file_name(channel_id, file_label)
        completed.append(channel_id)
    return completed


def can_select(ids: list[ChannelId]) -> bool:
    """Can the reader pick out channels by these ids? Not if they are incomplete, nor if they look like wildcards."""
    return are_complete(ids) and not any(set("?*[]") & set(str(channel_id)) for channel_id in set(ids))


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


def _channel_from_file_name(channel_id: ChannelId, label: str) -> ChannelId:
    for token in reversed(re.split(r"[-_ ]", label.upper())):
        if _CHANNEL_IN_NAME.fullmatch(token):
            return channel_id._replace(channel=token)
    return channel_id._replace(station=f"{channel_id.station}-{label}")


@lru_cache(maxsize=4096)
def _plain(code: str) -> str:
    """Without blanks, control characters, and the dots that separate the codes of an id."""
    return re.sub(r"[.\s]+", "_", "".join(c for c in str(code) if c.isprintable()).strip())
