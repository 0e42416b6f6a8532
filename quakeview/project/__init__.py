"""The project file (``.qvproj``): waveform paths, picks with their undo history, imported catalogues, view state.

One SQLite file in WAL mode; every edit is a transaction, so a project survives ``kill -9``. ``Project`` is used from
one thread at a time (the window's); reading and writing pick *files* is ``monitoring.exchange`` and may run anywhere.

::

    project = Project(path)                   # opens or creates (Project.open: must exist); QuakeViewError if it is
                                              # not a project, from a newer version, or open in another window
    project = Project.untitled()              # a new and empty one, autosaved in the user's state folder
    unsaved_sessions()                        # the untitled ones that no window has open, newest first
    project.path, project.is_untitled         # path is None only if nothing could be written anywhere
    project.title, project.is_blank           # "Untitled 2" or the file's name; whether nothing was ever put into it
    project.problem                           # None, or the sentence why edits are kept in memory only
    project.save_as(path); project.close()    # save_as makes `path` the project's file from then on
    project.discard()                         # close, and delete the file of an untitled project; close does so too
                                              # if the untitled project is blank

    len(project), project.picks()             # what is in the file: all picks, by time
    project.undo_text, project.redo_text      # "Add P on XX.ABC..HHZ", or None;   project.history() -> texts
    project.subscribe_problem(callback)       # callback(sentence) when edits go to memory only

    book = PickBook(project)                  # all its picks in memory: whoever shows or edits picks uses this
    book.picks()                              # all, by time;   picks(channels=[...], station=..., start=..., end=...)
    book.get(resource_id), book.find(ids)     # a pick or None;   those that are there
    step = book.apply(AddPicks((pick,)))      # an edit is one undo step, and in the file when this returns ...
    book.apply(edit, extends=step)            # ... or joins `step`, if no other edit came between
    book.undo(), book.redo()                  # -> bool; persisted, they work after reopening
    unsubscribe = book.subscribe(changed)     # changed(PicksChanged(gone, came)): ids, and picks as they are now
    book.events                               # all its events: get, find, of_pick, between, subscribe(changed)

    project.add_waveforms(paths); project.remove_waveforms(paths)
    project.waveforms                         # where they are now: this looks at the disk, has_waveforms and
                                              # waveform_places() do not
    project.view_state = {"filter": ...}      # anything JSON; not part of undo
    project.documents()                       # QuakeML of imported catalogues, for exchange.write_picks
    project.catalog()                         # obspy.Catalog of their events, as imported

Edits: ``AddPicks(picks)``, ``RemovePicks(ids)``, ``ChangePicks(picks)`` (new versions of picks that exist: moved,
other polarity, confirmed ...; see ``Pick.moved``, ``.confirmed``, ``.rejected``, ``.with_``),
``ReplaceAutomaticPicks(station, model, picks, start, end)``, ``ImportPicks(read_pick_file(path))``, and
``CompleteChannels(channels)`` (imported picks whose file left out codes). Of events:
``ReplaceEvents(gone, came, text)`` (add, change, remove, merge, split) and
``ReplaceAutomaticEvents(events)``; picks and events have one history.
"""

from quakeview.project.book import PickBook
from quakeview.project.edits import (
    AddPicks,
    ChangePicks,
    CompleteChannels,
    Edit,
    EventsChanged,
    FinalEventError,
    ImportPicks,
    PicksChanged,
    RemovePicks,
    ReplaceAutomaticPicks,
)
from quakeview.project.event_book import EventBook
from quakeview.project.event_edits import ReplaceAutomaticEvents, ReplaceEvents, is_of_a_search
from quakeview.project.project_file import Project, WaveformPlace, is_untitled
from quakeview.project.storage import EXTENSION, OpenElsewhere
from quakeview.project.unsaved import UnsavedSession, unsaved_sessions

__all__ = [
    "EXTENSION",
    "AddPicks",
    "ChangePicks",
    "CompleteChannels",
    "Edit",
    "EventBook",
    "EventsChanged",
    "FinalEventError",
    "ImportPicks",
    "OpenElsewhere",
    "PickBook",
    "PicksChanged",
    "Project",
    "RemovePicks",
    "ReplaceAutomaticEvents",
    "ReplaceAutomaticPicks",
    "ReplaceEvents",
    "UnsavedSession",
    "WaveformPlace",
    "is_of_a_search",
    "is_untitled",
    "unsaved_sessions",
]
