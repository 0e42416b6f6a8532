"""Nordic files of SEISAN (S-files), written by ObsPy in the format that SEISAN has used since 2020 (version 12): it
holds networks, locations and whole channel codes, which the older one does not.

Havskov, Voss and Ottemöller, SEISAN manual, appendix "The Nordic format".
"""

import re
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import obspy
import obspy.core.event as quakeml
from obspy.io.nordic.utils import EVENT_TYPE_MAPPING_TO_SEISAN

from quakeview.events.event import Event
from quakeview.events.exchange.losses import FOR_NO_LOCATOR, left_out
from quakeview.events.exchange.readings import by_id, readings
from quakeview.events.quakeml import to_obspy
from quakeview.events.quakeml.ellipsoids import CONFIDENCE, chi_square
from quakeview.monitoring.picks import UNKNOWN, Pick
from quakeview.monitoring.quakeml import leave_out
from quakeview.texts import counted

NAME = "Nordic"
_LACKS = (
    *FOR_NO_LOCATOR, "uncertainties of picks", "names of events",
    "names of velocity models", "review statuses", "reviewers",
)  # fmt: skip
_DAY = 86400.0
_MAGNITUDES = 3
_NO_WEIGHT = "4"
_ONE_SIGMA_OF_A_PLANE = 39.35
"""Per cent: what the ellipse holds that ObsPy makes of the standard deviations in Nordic files."""


def format_nordic(events: Sequence[Event], picks: Sequence[Pick]) -> tuple[str, list[str]]:
    """The text of a file of one or more events, and sentences about what it cannot hold."""
    known = by_id(picks)
    text, late, told = "", 0, dict[str, None]()
    with tempfile.TemporaryDirectory() as folder:
        for event in events:
            seen = [reading.pick for reading in readings(event, known)]
            near = [pick for pick in seen if pick.time.date >= event.time.date and pick.time - event.time < _DAY]
            late += len(seen) - len(near)
            block, messages = _block(_prepared(event, near), Path(folder) / "event")
            text += _with_quality(block, event)
            told.update(dict.fromkeys(messages))
    losses = left_out(NAME, events, picks, _LACKS)
    if late:
        others = counted(late, "other was", "others were")
        losses.append(f"{NAME} holds picks of the day of an origin and the next: {others} left out.")
    if wider := sum(_type_of(event) != event.kind for event in events if event.kind):
        others = counted(wider, "was", "were")
        losses.append(f"{NAME} knows few types of events: {others} written as explosion or other event.")
    if more := sum(len(event.magnitudes[_MAGNITUDES:]) for event in events):
        others = counted(more, "other was", "others were")
        losses.append(f"{NAME} holds {_MAGNITUDES} magnitudes of an event: {others} left out.")
    if any(event.magnitudes for event in events):
        losses.append("Magnitudes were rounded to 0.1.")
    return text, [*losses, *told]


def correct(catalog: obspy.Catalog) -> None:
    """Put right what ObsPy takes over from a Nordic file in another sense, and what it only keeps beside: weights."""
    for event in catalog:
        for origin in event.origins:
            if origin.origin_uncertainty is not None:
                origin.origin_uncertainty.confidence_level = _ONE_SIGMA_OF_A_PLANE
        for pick in event.picks:
            weight = pick.get("extra", {}).get("nordic_pick_weight")
            if weight is not None and str(weight["value"]) == _NO_WEIGHT:
                leave_out(pick)


def _with_quality(block: str, event: Event) -> str:
    """ObsPy leaves the letter of a fault plane solution out, column 78 of a line that ends in ``F``."""
    quality = event.mechanism.quality if event.mechanism else ""
    return re.sub(r"^(.{77}) (.F)$", rf"\g<1>{quality or ' '}\g<2>", block, flags=re.MULTILINE)


def _prepared(event: Event, picks: Sequence[Pick]) -> quakeml.Event:
    """The event as ObsPy's writer wants it: an amplitude at a pick of its own, the weight code of every pick given, and
    an ellipse of one standard deviation."""
    weights = {reading.pick.resource_id: reading.weight_code for reading in readings(event, by_id(picks))}
    target = to_obspy(event, picks)
    target.event_type = _type_of(event)
    target.station_magnitudes = []
    region = target.origins[0].origin_uncertainty
    if region is not None:
        scale = chi_square(CONFIDENCE, 2) ** 0.5
        region.max_horizontal_uncertainty /= scale
        region.min_horizontal_uncertainty /= scale
    for amplitude in target.amplitudes:
        pick = quakeml.Pick(
            time=amplitude.time_window.reference,
            waveform_id=amplitude.waveform_id.copy(),
            phase_hint="IAML",
            evaluation_mode=amplitude.evaluation_mode,
        )
        amplitude.pick_id = pick.resource_id
        target.picks.append(pick)
    for pick in target.picks:
        code = weights.get(pick.resource_id.id) or " "
        pick.extra = {"nordic_pick_weight": {"value": code, "namespace": ""}}
        _shorten(pick.waveform_id)
    return target


def _type_of(event: Event) -> str | None:
    """The type of an event as Nordic knows it, which has one letter for every kind of explosion."""
    if not event.kind or event.kind in EVENT_TYPE_MAPPING_TO_SEISAN:
        return event.kind or None
    return "explosion" if event.kind.endswith(("explosion", "blast")) else "other event"


def _shorten(place: quakeml.WaveformStreamID) -> None:
    """To the widths of the columns; a question mark would be read as a code."""
    for name, length in (("station_code", 5), ("network_code", 2), ("location_code", 2), ("channel_code", 3)):
        place[name] = (place[name] or "").replace(UNKNOWN, "")[:length]


def _block(event: quakeml.Event, path: Path) -> tuple[str, list[str]]:
    """The lines of an event, with the blank one that ends it, and what ObsPy warned about."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        obspy.Catalog([event]).write(str(path), format="NORDIC", nordic_format="NEW", userid="QV", wavefiles=[""])
    lines = path.read_text(encoding="latin-1", errors="replace").splitlines()
    while lines and not lines[-1].strip():
        del lines[-1]
    told = [str(warning.message) for warning in caught if issubclass(warning.category, UserWarning)]
    return "".join(f"{line}\n" for line in [*lines, " " * 80]), told
