"""From waveforms to a catalogue in one piece of work: pick, associate, locate, fit mechanisms and size."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from obspy import UTCDateTime

from quakeview.events.amplitudes import Records, size
from quakeview.events.association import Rules
from quakeview.events.attenuation_laws import DEFAULT, LAWS, AttenuationLaw
from quakeview.events.event import Event
from quakeview.events.finding import LEARNED_FROM, find_events
from quakeview.events.focal_mechanism import with_mechanism
from quakeview.events.locating import Locator, Place
from quakeview.events.magnitudes import sized, station_corrections, why_unsized
from quakeview.events.revising import Learned
from quakeview.events.velocity_models import VelocityModel
from quakeview.jobs import Progress
from quakeview.monitoring.picks import Pick, unjudged
from quakeview.stations.book import StationBook
from quakeview.texts import counted
from quakeview.waveforms.archive import Archive
from quakeview.waveforms.channels import Instrument

if TYPE_CHECKING:
    from quakeview.monitoring.annotate import StationResult

ASSOCIATION_THRESHOLD = 0.1
"""Probability from which on a pick may belong to an earthquake: alone it says little, but many that agree do."""


@dataclass(frozen=True)
class Method:
    """How earthquakes are found.

    Attributes:
        velocity_model: in which they are located; None: the published one for the place of the network.
        law: by which they are sized.
        rules: what makes an earthquake.
    """

    velocity_model: VelocityModel | None = None
    law: AttenuationLaw = LAWS[DEFAULT]
    rules: Rules = field(default_factory=Rules)


@dataclass(frozen=True)
class PickerChoice:
    """Which model picks, where, and from which probability on a pick is kept that belongs to no earthquake."""

    model: str
    p_threshold: float = 0.3
    s_threshold: float = 0.3
    device: str = "auto"
    start: UTCDateTime | None = None
    end: UTCDateTime | None = None


@dataclass(frozen=True)
class Catalogue:
    """What was found.

    Attributes:
        events: by origin time.
        picks: that came with it: of the events, and the others that reach the thresholds; those that were known before
            are not among them.
        left_out: a sentence on each thing that was not used, not located or not sized.
        why_none: why there is no event; empty if there is one.
        learned: what the search learned of the stations.
    """

    events: tuple[Event, ...]
    picks: tuple[Pick, ...]
    left_out: tuple[str, ...] = ()
    why_none: str = ""
    learned: Learned = field(default_factory=Learned)


def make_catalogue(
    archive: Archive,
    stations: StationBook,
    known: Sequence[Pick] = (),
    picker: PickerChoice | None = None,
    instruments: Collection[Instrument] = (),
    method: Method | None = None,
    settled: Collection[str] = (),
    progress: Progress | None = None,
) -> Catalogue:
    """Pick what is not picked, find the earthquakes and size them. Each station's result is published.

    Args:
        archive: the waveforms; may be empty if there are picks, then nothing is sized.
        stations: where they are, and their responses.
        known: picks that are there already and may belong to an earthquake.
        picker: the model that picks; None: nothing is picked.
        instruments: where it picks.
        settled: ids of known picks that belong to events which stay as they are.

    Raises:
        QuakeViewError: if the model cannot be used, or no station has coordinates.
        Cancelled: after ``progress.cancel()``; what was published stays valid.
    """
    method, progress = method or Method(), progress or Progress()
    Locator.at(stations.coordinates, method.velocity_model)  # better before an hour of picking than after it
    new = _picked(archive, picker, instruments, progress) if picker and instruments else []
    new = unjudged(new, known)
    first = min((pick.time for pick in (*known, *new)), default=None)
    locator = Locator.at(stations.coordinates_at(first), method.velocity_model)  # where the stations stood then
    free = [pick for pick in known if pick.resource_id not in settled]
    found = find_events([*free, *new], locator, method.rules, progress.part(0.7, 0.88))
    records = Records(archive, stations, locator.times)
    by_id = {pick.resource_id: pick for pick in (*known, *new)}
    solved = _solved(locator, found.events, by_id, progress.part(0.88, 0.9, message="Fitting focal mechanisms"))
    events, corrections = _sized(records, solved, method.law, by_id, progress.part(0.9, 1.0))
    of_events = {pick_id for event in events for pick_id in event.pick_ids}
    kept = [pick for pick in new if pick.resource_id in of_events or is_sure(pick, picker)]
    learned = Learned(locator.model.name, method.law.name, found.terms, corrections)
    return Catalogue(events, tuple(kept), (*found.left_out, *_unsized(events)), found.why_none, learned)


def _picked(
    archive: Archive, picker: PickerChoice, instruments: Collection[Instrument], progress: Progress
) -> list[Pick]:
    """All picks that may belong to an earthquake, at the instruments where there are none yet."""
    from quakeview.monitoring.annotate import pick_archive, picks_of

    results = pick_archive(
        archive,
        picker.model,
        min(picker.p_threshold, ASSOCIATION_THRESHOLD),
        min(picker.s_threshold, ASSOCIATION_THRESHOLD),
        picker.device,
        instruments,
        start=picker.start,
        end=picker.end,
        progress=progress.part(0, 0.7, publishes=True),
    )
    return picks_of(results)


def sure_picks(result: "StationResult", picker: PickerChoice) -> "StationResult":
    """What a station's picker found without the picks that only an earthquake could make sure."""
    return replace(result, picks=tuple(pick for pick in result.picks if is_sure(pick, picker)))


def is_sure(pick: Pick, picker: PickerChoice | None) -> bool:
    """Whether it is kept even if it belongs to no earthquake."""
    if picker is None or pick.probability is None:
        return True
    return pick.probability >= (picker.p_threshold if pick.phase == "P" else picker.s_threshold)


def _solved(locator: Locator, events: Sequence[Event], picks: Mapping[str, Pick], progress: Progress) -> list[Event]:
    """With the focal mechanisms that first motions have."""
    found = []
    for number, event in enumerate(events):
        progress.advance(number, len(events))
        found.append(with_mechanism(event, picks, locator.coordinates, locator.times))
    return found


def _sized(
    records: Records, events: Sequence[Event], law: AttenuationLaw, picks: Mapping[str, Pick], progress: Progress
) -> tuple[tuple[Event, ...], dict[Place, float]]:
    """With magnitudes, and the corrections of the stations: if there are many, they are learned from one another."""
    measured = size(records, events, law, picks, progress=progress)
    if len(measured) < LEARNED_FROM:
        return tuple(measured), {}
    corrections = station_corrections(measured)
    stations = records.stations
    return tuple(sized(event, stations.coordinates_at(event.time), law, corrections) for event in measured), corrections


def _unsized(events: Sequence[Event]) -> tuple[str, ...]:
    """Why events have no magnitude, each reason once."""
    reasons = [why_unsized(event) for event in events if event.magnitude is None]
    return tuple(
        f"{counted(reasons.count(reason), 'event has', 'events have')} no magnitude. {reason}"
        for reason in dict.fromkeys(reasons)
    )
