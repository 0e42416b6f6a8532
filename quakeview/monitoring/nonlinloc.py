"""Picks as NonLinLoc phase observations (NLLOC_OBS), the input of the NonLinLoc locator.

The format holds station, component, onset, phase, first motion, time to 0.1 ms and one Gaussian error. It loses the
network and location codes, the status, probability, model, comment and identity of a pick, and the difference
between lower and upper uncertainty. Lomax et al., NonLinLoc user's guide, "Phase file formats".
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import isfinite

from obspy import UTCDateTime

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus, Polarity
from quakeview.texts import counted
from quakeview.waveforms.channels import ChannelId, Instrument

UNSTATED_UNCERTAINTY = 0.1
"""Seconds written for a pick without uncertainty: NonLinLoc needs a positive error and reads -1 as one second."""

NOT_USED = 99999.9
"""Seconds written as the error of a pick that is left out, as NonLinLoc's LOCQUAL2ERR has it for the weight code 4."""

_HEADERS = ("PUBLIC_ID", "PHASE", "END_PHASE")
_ERRORS = ("GAU", "BOX", "FIX", "NONE")
_LONGEST = 86400.0  # s that may have been added to a minute

_ONSETS = {"i": "impulsive", "e": "emergent"}
_POLARITIES = {"c": Polarity.UP, "u": Polarity.UP, "+": Polarity.UP, "d": Polarity.DOWN, "-": Polarity.DOWN}
_ONSET_CODES = {onset: code for code, onset in _ONSETS.items()}
_POLARITY_CODES = {Polarity.UP: "u", Polarity.DOWN: "d"}


def format_nonlinloc(picks: Iterable[Pick]) -> tuple[str, list[str]]:
    """The text of a phase file, sorted by time, and sentences about what it could not hold.

    Rejected picks are left out, since the locator would use them.
    """
    picks = sorted(picks, key=lambda pick: pick.time)
    written = [pick for pick in picks if pick.status is not PickStatus.REJECTED]
    text = "".join(f"{format_line(pick)}\n" for pick in written)
    return text, losses_of(written, rejected=len(picks) - len(written))


def parse_nonlinloc(data: bytes, name: str) -> tuple[list[Pick], list[str]]:
    """Picks of a phase file, and a sentence for each line that is none. Codes that the format does not hold are
    ``UNKNOWN``; nobody vouches for the picks, so their status is automatic.

    Raises:
        QuakeViewError: names ``name`` and what is wrong, if not a single line can be read.
    """
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise QuakeViewError(f"{name} is not a NonLinLoc phase file.") from error
    picks, left_out = [], []
    for number, line in enumerate(lines, start=1):
        fields = line.split()
        if not fields or fields[0] in _HEADERS or line.startswith("#"):
            continue
        try:
            picks.append(_parse_fields(fields))
        except (ValueError, IndexError, OverflowError):
            left_out.append(
                f"{name}, line {number} is not a NonLinLoc observation (station, instrument, component, onset, phase, "
                "first motion, date, hour and minute, seconds, GAU, error)."
            )
    if left_out and not picks:
        raise QuakeViewError(left_out[0])
    return picks, left_out


def format_line(pick: Pick) -> str:
    """The observation of a pick, without the end of the line."""
    time = UTCDateTime(ns=round(pick.time.ns, -5))
    return (
        f"{_word(pick.channel_id.station):<6} {UNKNOWN:<4} {_word(pick.channel_id.channel):<4} "
        f"{_ONSET_CODES.get(pick.onset or '', UNKNOWN)} {_word(pick.phase):<6} "
        f"{_POLARITY_CODES.get(pick.polarity, UNKNOWN) if pick.polarity else UNKNOWN} "
        f"{time.strftime('%Y%m%d %H%M')} {time.second + time.microsecond * 1e-6:7.4f} "
        f"GAU {_written_error(pick):9.2e} {-1:9.2e} {-1:9.2e} {-1:9.2e}"
    )


def _word(code: str) -> str:
    """NonLinLoc separates its columns by blanks, so that a code can be neither empty nor contain one."""
    return "_".join(code.split()) or UNKNOWN


def _written_error(pick: Pick) -> float:
    """Seconds; the format knows none that is not above zero."""
    return (pick.uncertainty or UNSTATED_UNCERTAINTY) if pick.used else NOT_USED


def losses_of(picks: Sequence[Pick], rejected: int) -> list[str]:
    """Sentences about what the format cannot hold of picks, and on how many were left out."""
    sentences = []
    if rejected:
        left_out = counted(rejected, "rejected pick was", "rejected picks were")
        sentences.append(f"{left_out} left out, since the locator would use them.")
    if unstated := sum(pick.used and not pick.uncertainty for pick in picks):
        sentences.append(
            f"{counted(unstated, 'pick has', 'picks have')} no uncertainty: {UNSTATED_UNCERTAINTY} s was written."
        )
    instruments = defaultdict(set)
    for pick in picks:
        instruments[pick.channel_id.station].add(Instrument.of(pick.channel_id))
    if twins := {station: found for station, found in instruments.items() if len(found) > 1}:
        told = "; ".join(f"{station} for {', '.join(map(str, sorted(twins[station])))}" for station in sorted(twins))
        sentences.append(
            f"NonLinLoc knows stations by their code alone, and one code stands for several instruments here ({told}): "
            "keep one instrument of each, or the locator counts a phase several times."
        )
    return sentences


def _parse_fields(fields: list[str]) -> Pick:
    """Hours, minutes and seconds beyond their range are carried over, as programs write them that add to seconds."""
    station, _, component, onset, phase, polarity, date = fields[:7]
    kind = next((place for place in (9, 10) if fields[place] in _ERRORS), None)
    if kind is None:
        raise ValueError("no error type")
    hours, minutes = _hour_and_minute(fields[7 : kind - 1])
    seconds, uncertainty = float(fields[kind - 1]), float(fields[kind + 1])
    if len(date) != 8 or not abs(seconds) <= _LONGEST:
        raise ValueError("bad time")
    used = not uncertainty >= NOT_USED
    stated = fields[kind] == "GAU" and isfinite(uncertainty) and uncertainty > 0 and used
    return Pick(
        ChannelId(UNKNOWN, station, UNKNOWN, component),
        phase,
        UTCDateTime.strptime(date, "%Y%m%d") + 3600 * hours + 60 * minutes + seconds,
        status=PickStatus.AUTOMATIC,
        lower_uncertainty=uncertainty if stated else None,
        upper_uncertainty=uncertainty if stated else None,
        polarity=_POLARITIES.get(polarity.lower()),
        onset=_ONSETS.get(onset.lower()),
        used=used,
    )


def _hour_and_minute(fields: list[str]) -> tuple[int, int]:
    """From ``0507``, or from ``5 7`` where blanks stand for zeros."""
    hours, minutes = (fields[0].zfill(4)[:-2], fields[0][-2:]) if len(fields) == 1 else fields
    if int(hours) > 48 or int(minutes) > 99 or int(hours) < 0 or int(minutes) < 0 or len(fields[0]) > 4:
        raise ValueError("bad time")
    return int(hours), int(minutes)
