"""Events to and from files.

::

    file = read_event_file(path)              # EventFile(path, picks, document, notes, events)
    events_of(document)                       # of a catalogue that was imported before there were events
    losses = write_events(events, picks, path, documents, stations)     # the suffix decides: FORMATS
    suggested_name(events, ".quakeml")        # "20190704T170255_M4.0.quakeml", "events_2019-07-04.quakeml"
    picks_of(events, picks)                   # for some events alone: write_events(..., whole=False)
    paths, notes = write_waveform_cuts(events, archive, folder, before=30, after=120)
"""

from quakeview.events.exchange.reading import EventFile, events_of, read_event_file
from quakeview.events.exchange.waveform_cuts import write_waveform_cuts
from quakeview.events.exchange.writing import FORMATS, check_suffix, picks_of, suggested_name, write_events

__all__ = [
    "FORMATS",
    "EventFile",
    "check_suffix",
    "events_of",
    "picks_of",
    "read_event_file",
    "suggested_name",
    "write_events",
    "write_waveform_cuts",
]
