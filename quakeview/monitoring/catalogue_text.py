"""Catalogues as agencies send them, made so that ObsPy reads all of their picks.

ObsPy drops, without a word: a pick whose time it cannot read, the first of two picks with one publicID, a pick outside
of an event (SeisComP sends them so), and all of a SeisComP file of a newer version.
"""

import hashlib
import re
import uuid
from datetime import datetime, timedelta

import obspy
from lxml import etree  # type: ignore[import-untyped]
from obspy import UTCDateTime

from quakeview.monitoring.quakeml import read_catalog, unassociated_event
from quakeview.texts import counted

_SEISCOMP = re.compile(rb"http://geofon\.gfz(?:-potsdam)?\.de/ns/seiscomp3?-schema/(\d+)\.(\d+)")
_NEWEST_SEISCOMP = 14
_SEISCOMP_NAMESPACE = b"http://geofon.gfz.de/ns/seiscomp-schema/0.14"
_SEISCOMP_IDS = re.compile(r"smi:org\.gfz(-potsdam)?\.de/geofon/")  # ObsPy puts one of these before
_RANDOM_ID = re.compile(rb"(?<=smi:local/)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_QUAKEML = "http://quakeml.org/xmlns/quakeml/1.2"
_BED = "http://quakeml.org/xmlns/bed/1.2"
_CLOCK = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{1,2}):(\d{1,3}(?:\.\d*)?)(Z|[+-]\d{2}:?\d{2})?")
_NOT_FINITE = ("nan", "inf", "infinity")
_WORDS = ("text", "author", "agencyID", "type", "unit", "name", "phase", "phaseHint")
_OF_A_PICK = {
    "time", "waveformID", "filterID", "methodID", "horizontalSlowness", "backazimuth", "slownessMethodID", "onset",
    "phaseHint", "polarity", "evaluationMode", "evaluationStatus", "creationInfo", "comment",
}  # fmt: skip


def readable(data: bytes, name: str) -> tuple[bytes, list[str], list[str]]:
    """The text of a catalogue with what stands in the way of its picks put right; the same object if nothing does.

    Returns:
        the text, sentences about what was changed, and one sentence for each pick that cannot be imported.
    """
    if data.lstrip()[:5] == b"<?xml" and data[:5] != b"<?xml":
        data = data.lstrip()
    match = _SEISCOMP.search(data[:4096])
    if match and int(match[2]) >= _NEWEST_SEISCOMP and match[0] != _SEISCOMP_NAMESPACE:
        data = data.replace(match[0], _SEISCOMP_NAMESPACE)
        data = re.sub(rb'(<seiscomp[^>]*version=")[^"]*', rb"\g<1>0.14", data, count=1)
    root = _parse(data)
    if root is None:
        return data, [], []
    times, corrections, left_out = _correct_times(root, name)
    corrections += _tell_apart(root, name) + _empty_what_is_not_finite(root, name)
    return etree.tostring(root) if times or corrections else data, corrections, left_out


def add_picks_of_no_event(catalog: obspy.Catalog, data: bytes) -> int:
    """Give the picks that stand outside of events the event that holds such picks; returns how many came."""
    root = _parse(data)
    if root is None:
        return 0
    known = {_own_id(pick.resource_id.id) for event in catalog for pick in event.picks if pick.resource_id is not None}
    orphans = [
        element
        for element in _picks(root)
        if _local(element.getparent()) != "event" and _own_id(element.get("publicID", "")) not in known
    ]
    if not orphans:
        return 0
    document = etree.Element(f"{{{_QUAKEML}}}quakeml", nsmap={"q": _QUAKEML, None: _BED})
    parameters = etree.SubElement(document, f"{{{_BED}}}eventParameters", publicID="smi:local/catalog")
    event = etree.SubElement(parameters, f"{{{_BED}}}event", publicID="smi:local/event")
    for orphan in orphans:
        _copy(orphan, event)
    found, _ = read_catalog(etree.tostring(document), "the picks of no event")
    picks = [pick for event in found for pick in event.picks]
    unassociated_event(catalog).picks.extend(picks)
    return len(picks)


def tell_events_apart(catalog: obspy.Catalog, name: str) -> list[str]:
    """Give an event that has the publicID of another one its own, and leave out what is there twice; says which."""
    seen: dict[str, obspy.core.event.Event] = {}
    sentences = []
    for event in catalog:
        identity = event.resource_id.id
        if identity not in seen:
            seen[identity] = event
        elif seen[identity] == event:
            sentences.append(f"{name}: the event {identity} is there twice and was read once.")
        else:
            number = 2
            while f"{identity}-{number}" in seen:
                number += 1
            event.resource_id = obspy.core.event.ResourceIdentifier(f"{identity}-{number}")
            seen[event.resource_id.id] = event
            sentences.append(
                f"{name}: two events have the publicID {identity}; the later one became {identity}-{number}."
            )
    if sentences:
        catalog.events = list(seen.values())
    return sentences


def with_lasting_ids(text: bytes, source: bytes) -> bytes:
    """QuakeML with the random ids that ObsPy gave replaced by ones that follow from the file that was read."""
    digest = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(source).hexdigest())
    known = {own: own for own in _RANDOM_ID.findall(source)}

    def lasting(match: re.Match[bytes]) -> bytes:
        return known.setdefault(match[0], str(uuid.uuid5(digest, str(len(known)))).encode())

    return _RANDOM_ID.sub(lasting, text)


def _parse(data: bytes) -> etree._Element | None:
    """The root, if it is QuakeML or SeisComP XML with picks."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if _local(root) in ("quakeml", "seiscomp") else None


def _picks(root: etree._Element) -> list[etree._Element]:
    return [element for element in root.iter("{*}pick") if _local(element.getparent()) != "pick"]


def _correct_times(root: etree._Element, name: str) -> tuple[int, list[str], list[str]]:
    """Write the times that ObsPy cannot read so that it can; how many, and what was done to or is wrong with which."""
    changed, corrections, left_out = 0, [], []
    for number, element in enumerate(_picks(root), start=1):
        called = element.get("publicID") or f"number {number}"
        value = element.find("{*}time/{*}value")
        text = "" if value is None else (value.text or "").strip()
        if not text:
            left_out.append(f"{name}: pick {called} has no time.")
        elif not _obspy_reads(text):
            time = carried_over(text)
            assert value is not None
            value.text = time
            changed += 1
            if time is None:
                left_out.append(f"{name}: the time {text!r} of pick {called} cannot be read.")
            else:
                corrections.append(f"{name}: the time {text!r} of pick {called} is read as {time}.")
    return changed, corrections, left_out


def _obspy_reads(text: str) -> bool:
    try:
        UTCDateTime(text)
    except Exception:  # it raises anything
        return False
    return True


def carried_over(text: str) -> str | None:
    """A time with a decimal comma, or with seconds, minutes or hours beyond their range, as ISO-8601."""
    match = _CLOCK.fullmatch(text.strip().replace(",", "."))
    if not match:
        return None
    try:
        midnight = datetime.fromisoformat(f"{match[1]}T00:00:00{(match[5] or 'Z')}")
        elapsed = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=float(match[4]))
        return str(UTCDateTime(midnight + elapsed))
    except (ValueError, OverflowError):
        return None


def _tell_apart(root: etree._Element, name: str) -> list[str]:
    """A publicID of its own for a pick that has that of another one."""
    seen: dict[str, bytes] = {}
    sentences = []
    for element in _picks(root):
        identity = element.get("publicID")
        if not identity:
            continue
        content = etree.tostring(element, method="c14n", with_comments=False).strip()
        if seen.setdefault(identity, content) == content:
            continue
        number = 2
        while f"{identity}-{number}" in seen:
            number += 1
        element.set("publicID", f"{identity}-{number}")
        seen[f"{identity}-{number}"] = content
        sentences.append(f"{name}: two picks have the publicID {identity}; the later one became {identity}-{number}.")
    return sentences


def _empty_what_is_not_finite(root: etree._Element, name: str) -> list[str]:
    """Take out NaN and infinity, for which ObsPy gives the whole file up."""
    found = []
    for element in root.iter("{*}*"):
        if element.text and element.text.strip().lower().lstrip("+-") in _NOT_FINITE and _local(element) not in _WORDS:
            quantity = element.getparent() if _local(element) == "value" else element
            found.append(f"{element.text.strip()} of {_local(quantity)}")
            element.text = None
    if not found:
        return []
    return [f"{name}: {counted(len(found), 'number is', 'numbers are')} not finite and left out ({found[0]} ...)."]


def _copy(element: etree._Element, parent: etree._Element) -> None:
    """Add the element to another one with the names of QuakeML, which SeisComP shares."""
    name = _local(element)
    copy = etree.SubElement(parent, f"{{{_BED}}}{name}", dict(element.attrib))
    copy.text = element.text
    if name == "pick" and copy.get("publicID"):
        copy.set("publicID", _uri(copy.get("publicID")))
    for child in element:
        if isinstance(child.tag, str) and (name != "pick" or _local(child) in _OF_A_PICK):
            _copy(child, copy)


def _uri(identity: str) -> str:
    return identity if re.match(r"(smi|quakeml):", identity) else f"smi:org.gfz.de/geofon/{identity}"


def _own_id(identity: str) -> str:
    """As SeisComP wrote it."""
    return _SEISCOMP_IDS.sub("", identity, count=1)


def _local(element: etree._Element | None) -> str:
    return "" if element is None else etree.QName(element).localname
