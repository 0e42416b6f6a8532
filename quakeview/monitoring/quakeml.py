"""Picks as QuakeML, the exchange format of seismology. The round trip loses nothing.

What QuakeML has no word for (the probability and the model's name) travels in elements of QuakeView's own namespace,
which other programs ignore. What QuakeView has no word for (origins, arrivals, amplitudes, slownesses, creation info
...) stays in the imported *document*, the QuakeML text itself, into which the picks are written back on export.
"""

import io
import re
import uuid
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import obspy
from lxml import etree  # type: ignore[import-untyped]
from obspy.core import AttribDict
from obspy.core import event as quakeml
from obspy.core.event.header import EventType

from quakeview.errors import QuakeViewError
from quakeview.monitoring.picks import UNKNOWN, Pick, PickStatus, Polarity
from quakeview.waveforms.channels import ChannelId

NAMESPACE = "https://quakeview.org/xmlns/1"
UNASSOCIATED_EVENT = "smi:local/quakeview/unassociated-picks"
"""publicID of the event that holds the picks of no event: QuakeML has no other place for them."""

_EVENT_TYPES = {
    **dict.fromkeys(("quarry", "quarry explosion", "quarryblast", "qb"), "quarry blast"),
    **dict.fromkeys(("mine blast", "mining blast", "mine explosion", "mining"), "mining explosion"),
    **dict.fromkeys(("rockburst", "mine bump"), "rock burst"),
    **dict.fromkeys(("icequake", "glacial earthquake"), "ice quake"),
    **dict.fromkeys(("meteor", "meteoroid", "bolide"), "meteorite"),
    **dict.fromkeys(("eruption", "volcanic"), "volcanic eruption"),
    **dict.fromkeys(("blast", "explosive"), "explosion"),
    **dict.fromkeys(("nuclear", "nuclear test"), "nuclear explosion"),
    **dict.fromkeys(("chemical", "chemical blast"), "chemical explosion"),
    **dict.fromkeys(("induced", "triggered", "induced earthquake"), "induced or triggered event"),
    **dict.fromkeys(("tectonic", "tectonic earthquake", "eq", "local", "regional", "teleseism"), "earthquake"),
    "sonic": "sonic boom",
    "sonicboom": "sonic boom",
    "rockfall": "rockslide",
    "anthropogenic": "anthropogenic event",
    "unknown": "not reported",
}
"""What agencies write, and QuakeML's word for it."""

_HARMLESS = ("Cannot check whether Nordic", "Can not make data ellipse", "The following arguments")
"""How warnings of ObsPy's readers begin after which nothing is lost."""
_LONGEST_NOTE = 200

_POLARITIES = {"positive": Polarity.UP, "negative": Polarity.DOWN, "undecidable": Polarity.UNDECIDABLE}
_POLARITY_NAMES = {polarity: name for name, polarity in _POLARITIES.items()}
_AGREED = ("confirmed", "reviewed", "final", "reported")


def read_catalog(data: bytes, name: str) -> tuple[obspy.Catalog, list[str]]:
    """A catalogue of any format that ObsPy reads, and sentences about what in it QuakeML does not allow.

    Raises:
        QuakeViewError: if it is no catalogue.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            catalog = obspy.read_events(io.BytesIO(data))
        except Exception as error:  # ObsPy's readers raise anything
            raise QuakeViewError(f"{name} is not a QuakeML file or any other catalogue that ObsPy reads.") from error
    messages = [str(warning.message) for warning in caught]
    if any("event will be ignored" in message for message in messages):
        data, renamed = _with_allowed_event_types(data)
        catalog, notes = read_catalog(data, name)
        return catalog, [f"{name}: event type {kind!r} became {new!r}." for kind, new in renamed] + notes
    impossible = _drop_impossible_times(catalog)
    _name_anonymous(catalog)
    told = (str(warning.message) for warning in caught if issubclass(warning.category, UserWarning))
    losses = dict.fromkeys(_sentence(message) for message in told if not message.startswith(_HARMLESS))
    losses.update(dict.fromkeys(impossible))
    return catalog, [f"{name}: {loss}" for loss in losses]


def _sentence(message: str) -> str:
    """A warning of ObsPy's for people who do not program."""
    if match := re.match(r"Could not convert (.*) to type <.*>", message):
        return f"{match[1]!r} could not be read and was left out."
    return " ".join(message.split())[:_LONGEST_NOTE]


def picks_of(catalog: obspy.Catalog) -> list[Pick]:
    """Every pick that has a time, once, in the order of the file."""
    picks = (pick_from_quakeml(pick) for event in catalog for pick in picks_of_event(event))
    return list({pick.resource_id: pick for pick in picks}.values())


def picks_of_event(event: quakeml.Event) -> list[quakeml.Pick]:
    """Those that have a time and are onsets: SEISAN gives amplitudes picks of their own, called as their kind."""
    kinds = {each.pick_id.id: each.type or "" for each in event.amplitudes if each.pick_id is not None}
    return [pick for pick in event.picks if pick.time is not None and not _is_of(kinds.get(pick.resource_id.id), pick)]


def _is_of(kind: str | None, pick: quakeml.Pick) -> bool:
    return bool(kind) and pick.phase_hint in (kind, f"I{kind}")


def pick_from_quakeml(source: quakeml.Pick) -> Pick:
    """The pick as QuakeView sees it: of several comments the first, of several authorities the nearest.

    A pick whose file does not say whether a person made it counts as automatic: nobody vouches for it.
    """
    lower, upper, symmetric = (
        _given(source.time_errors, name) for name in ("lower_uncertainty", "upper_uncertainty", "uncertainty")
    )
    return Pick(
        _channel_id(source.waveform_id),
        source.phase_hint or UNKNOWN,
        source.time,
        status=_status(source),
        probability=_probability(source),
        lower_uncertainty=symmetric if lower is None else lower,
        upper_uncertainty=symmetric if upper is None else upper,
        polarity=_POLARITIES.get(source.polarity),
        onset=source.onset,
        model=_model(source),
        comment=(source.comments[0].text or "") if source.comments else "",
        resource_id=source.resource_id.id,
        used=_extra(source, "used") != "false",
    )


def to_catalog(picks: Iterable[Pick], documents: Sequence[bytes] = ()) -> obspy.Catalog:
    """Put exactly these picks into the catalogue of the documents.

    A pick of a document keeps everything QuakeView did not edit; a pick that is gone takes its arrivals along;
    a pick of no document goes to ``UNASSOCIATED_EVENT``. A later document replaces the events it shares with an
    earlier one.
    """
    remaining = {pick.resource_id: pick for pick in picks}
    catalog = merged_catalog(documents)
    written: set[str] = set()
    for event in catalog:
        update_picks(event, remaining)
        written.update(pick.resource_id.id for pick in event.picks)
    added = [pick_to_quakeml(pick) for key, pick in remaining.items() if key not in written]
    if added:
        unassociated_event(catalog).picks.extend(added)
    return catalog


def format_quakeml(picks: Iterable[Pick], documents: Sequence[bytes] = ()) -> bytes:
    """Write ``to_catalog`` as QuakeML 1.2."""
    return serialise(to_catalog(picks, documents))


def serialise(catalog: obspy.Catalog) -> bytes:
    """The catalogue as QuakeML 1.2. Raises ``QuakeViewError`` for control characters, which XML does not know."""
    text = io.BytesIO()
    try:
        with quiet():
            catalog.write(text, format="QUAKEML", nsmap={"quakeview": NAMESPACE})
    except ValueError as error:
        raise QuakeViewError("QuakeML cannot hold the control characters in a comment or name; remove them.") from error
    except AttributeError as error:  # ObsPy's, of damaged files
        raise QuakeViewError("An event, origin or pick has no identifier (publicID), which QuakeML needs.") from error
    return text.getvalue()


def merged_catalog(documents: Sequence[bytes]) -> obspy.Catalog:
    """All events of all documents; of events with the same publicID the latest."""
    if not documents:
        return obspy.Catalog(resource_id=quakeml.ResourceIdentifier(f"smi:local/catalog/{uuid.uuid4()}"))
    catalogs = [read_catalog(document, "The imported catalogue")[0] for document in documents]
    merged = catalogs[0]
    if len(catalogs) > 1:
        merged.events = list({event.resource_id.id: event for catalog in catalogs for event in catalog}.values())
        for other in catalogs[1:]:
            merged.nsmap = {**getattr(other, "nsmap", {}), **getattr(merged, "nsmap", {})}
    return merged


def leave_out(source: quakeml.Pick) -> None:
    """Say of a pick what QuakeML has no word for: that it is kept and not to be used in a location."""
    _set_extra(source, "used", "false")


def pick_to_quakeml(pick: Pick, template: quakeml.Pick | None = None) -> quakeml.Pick:
    """The pick as QuakeML: a new one, or ``template`` changed in place where the pick differs from it."""
    with quiet():
        if template is None:
            template = quakeml.Pick(
                resource_id=quakeml.ResourceIdentifier(pick.resource_id), time=pick.time, evaluation_mode=_mode(pick)
            )
        before = pick_from_quakeml(template)
        changed = {name for name in Pick.__slots__ if getattr(pick, name) != getattr(before, name)}
        if "channel_id" in changed:
            template.waveform_id = _waveform_id(pick.channel_id)
        if "phase" in changed:
            template.phase_hint = pick.phase
        if "time" in changed:
            template.time = pick.time
        if changed & {"lower_uncertainty", "upper_uncertainty"}:
            _set_uncertainty(template, pick)
        if "status" in changed:
            _set_status(template, pick)
        if "model" in changed:
            _set_extra(template, "model", pick.model)
        if "probability" in changed:
            _set_extra(template, "probability", None if pick.probability is None else repr(float(pick.probability)))
        if "polarity" in changed:
            template.polarity = _POLARITY_NAMES.get(pick.polarity) if pick.polarity else None
        if "onset" in changed:
            template.onset = pick.onset
        if "used" in changed:
            leave_out(template) if not pick.used else _set_extra(template, "used", None)
        if "comment" in changed:
            _set_comment(template, pick.comment)
    return template


def _with_allowed_event_types(data: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """QuakeML whose events all have a type that the standard knows, and the types that had to be replaced, with what
    replaced them.

    ObsPy leaves an event of another type out, with all its picks.
    """
    root = etree.fromstring(data)
    elements = [element for element in root.iterfind(".//{*}event/{*}type") if not _allowed_event_type(element.text)]
    renamed = []
    for element in elements:
        text = element.text or ""
        element.text = standard_event_type(text)
        renamed.append((text, element.text))
    return etree.tostring(root), renamed


def standard_event_type(text: str) -> str:
    """QuakeML's word for a type that a file spells otherwise; 'other event' if it has none."""
    plain = " ".join(re.sub(r"[-_]", " ", text.lower()).split())
    name = _EVENT_TYPES.get(plain, plain)
    return name if _allowed_event_type(name) else "other event"


def _allowed_event_type(text: str | None) -> bool:
    name = (text or "").replace("_", " ")
    return name == "null" or EventType(name) is not None


def _drop_impossible_times(catalog: obspy.Catalog) -> list[str]:
    """Take out times beyond the calendar, which cannot even be written; returns sentences."""
    found = []
    for member in (each for event in catalog for each in (*event.origins, *event.picks) if each.time is not None):
        try:
            _ = member.time.datetime
        except (OverflowError, ValueError):
            found.append("A time beyond the calendar was left out.")
            member.time = None
    return found


def _name_anonymous(catalog: obspy.Catalog) -> None:
    """Give what has no publicID one that depends on its place and time alone, the same at every reading."""
    for event_index, event in enumerate(catalog):
        _name_if_anonymous(event, "event", f"event {event_index}")
        items = [("pick", event.picks), ("origin", event.origins), ("magnitude", event.magnitudes)]
        items += [("amplitude", event.amplitudes), ("stationmagnitude", event.station_magnitudes)]
        items += [("arrival", origin.arrivals) for origin in event.origins]
        for kind, members in items:
            for index, member in enumerate(members):
                _name_if_anonymous(member, kind, f"{event.resource_id} {event_index} {index} {member.get('time')}")


def _name_if_anonymous(item: AttribDict, kind: str, name: str) -> None:
    if item.resource_id is None or not item.resource_id.id.strip():
        identity = uuid.uuid5(uuid.NAMESPACE_URL, name)
        item.resource_id = quakeml.ResourceIdentifier(f"smi:local/{kind}/{identity}")


def update_picks(event: quakeml.Event, picks: Mapping[str, Pick]) -> None:
    """Bring the picks of an event up to date; those that are gone take what refers to them along."""
    kept, removed = [], set()
    onsets = {source.resource_id.id for source in picks_of_event(event)}
    for source in event.picks:
        if source.resource_id.id in picks:
            kept.append(pick_to_quakeml(picks[source.resource_id.id], source))
        elif source.resource_id.id in onsets:
            removed.add(source.resource_id.id)
        else:
            kept.append(source)
    event.picks = kept
    _drop_references(event, removed)


def _drop_references(event: quakeml.Event, removed: set[str]) -> None:
    for origin in event.origins if removed else ():
        origin.arrivals = [arrival for arrival in origin.arrivals if arrival.pick_id.id not in removed]
    for amplitude in event.amplitudes if removed else ():
        if amplitude.pick_id is not None and amplitude.pick_id.id in removed:
            amplitude.pick_id = None


def unassociated_event(catalog: obspy.Catalog) -> quakeml.Event:
    """The event of a catalogue that holds the picks of no event; added if it is not there."""
    for event in catalog:
        if event.resource_id.id == UNASSOCIATED_EVENT:
            return event
    event = quakeml.Event(
        resource_id=quakeml.ResourceIdentifier(UNASSOCIATED_EVENT),
        event_descriptions=[quakeml.EventDescription(text="Picks that belong to no event yet")],
    )
    catalog.append(event)
    return event


def _channel_id(waveform_id: quakeml.WaveformStreamID | None) -> ChannelId:
    if waveform_id is None:
        return ChannelId(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)
    codes = (
        waveform_id.network_code,
        waveform_id.station_code,
        waveform_id.location_code,
        waveform_id.channel_code,
    )
    network, station, location, channel = (UNKNOWN if code is None else code for code in codes)
    band_alone = len(channel) == 2 and UNKNOWN not in channel
    return ChannelId(network, station, location, channel + UNKNOWN * band_alone)


def _waveform_id(channel_id: ChannelId) -> quakeml.WaveformStreamID:
    """QuakeML can leave out the location and the channel code; network and station must be there."""
    location = None if channel_id.location == UNKNOWN else channel_id.location
    channel = None if channel_id.channel == UNKNOWN else channel_id.channel.removesuffix(UNKNOWN)
    return quakeml.WaveformStreamID(channel_id.network, channel_id.station, location, channel)


def _given(errors: quakeml.QuantityError | None, name: str) -> float | None:
    """Seconds; a negative error is some programs' way of saying that there is none."""
    value = None if errors is None else errors.get(name)
    return value if value is not None and value >= 0 else None


def _probability(source: quakeml.Pick) -> float | None:
    """None too if it is no number between 0 and 1."""
    try:
        value = float(_extra(source, "probability") or "")
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _status(source: quakeml.Pick) -> PickStatus:
    if source.evaluation_status == "rejected":
        return PickStatus.REJECTED
    if source.evaluation_mode == "manual":
        return PickStatus.MANUAL
    return PickStatus.CONFIRMED if source.evaluation_status in _AGREED else PickStatus.AUTOMATIC


def _model(source: quakeml.Pick) -> str:
    ours = _extra(source, "model")
    if ours is not None:
        return str(ours)
    info = source.creation_info
    if info is not None and (info.author or info.agency_id):
        return info.author or info.agency_id
    return source.method_id.id if source.method_id is not None else ""


def _mode(pick: Pick) -> str:
    automatic = pick.status in (PickStatus.AUTOMATIC, PickStatus.CONFIRMED) or pick.probability is not None
    return "automatic" if automatic else "manual"


def _set_status(target: quakeml.Pick, pick: Pick) -> None:
    """A rejected pick keeps its mode: a person rejects what a model or another person made."""
    if pick.status is PickStatus.REJECTED:
        target.evaluation_status = "rejected"
    else:
        target.evaluation_mode = "manual" if pick.status is PickStatus.MANUAL else "automatic"
        target.evaluation_status = "confirmed" if pick.status is PickStatus.CONFIRMED else None


def _set_uncertainty(target: quakeml.Pick, pick: Pick) -> None:
    """Symmetric errors are also given as ``uncertainty``, the only one that some programs read."""
    errors = target.time_errors
    errors.lower_uncertainty, errors.upper_uncertainty = pick.lower_uncertainty, pick.upper_uncertainty
    symmetric = pick.lower_uncertainty == pick.upper_uncertainty
    errors.uncertainty = pick.lower_uncertainty if symmetric else None


def _set_comment(target: quakeml.Pick, text: str) -> None:
    if target.comments and text:
        target.comments[0].text = text
    elif target.comments:
        del target.comments[0]
    else:
        target.comments.append(quakeml.Comment(text=text, force_resource_id=False))


def _extra(source: quakeml.Pick, name: str) -> str | None:
    entry = source.get("extra", {}).get(name)
    return entry["value"] or "" if entry and entry["namespace"] == NAMESPACE else None


def _set_extra(target: quakeml.Pick, name: str, value: str | None) -> None:
    extra = target.setdefault("extra", AttribDict())
    if value is None:
        extra.pop(name, None)
    else:
        extra[name] = {"value": value, "namespace": NAMESPACE}


@contextmanager
def quiet() -> Iterator[None]:
    """ObsPy warns about custom attributes and about ids that are not URIs; both are written all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
