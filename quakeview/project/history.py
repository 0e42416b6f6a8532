"""The undo history inside the project's database.

A *step* is what one undo takes back: one or more edits with the same step number. Steps are never interleaved.
Undone edits stay for redo until the next new edit. All functions run inside a transaction of the caller.
"""

import sqlite3

from quakeview.events.event import Event
from quakeview.monitoring.picks import Pick
from quakeview.project import event_rows
from quakeview.project.edits import Change, Difference, EventsChanged, PicksChanged
from quakeview.project.storage import PICK_FIELDS, PICK_PLACEHOLDERS, pick_of, row_of

MAX_STEPS = 1000
MAX_PICKS = 1_000_000
"""The oldest steps are forgotten beyond so many steps, or so many picks in them (some 300 MB)."""
_TABLES = {"picks": PICK_FIELDS, "events": "resource_id, time, content"}
"""What edits change, with the columns; the table ``edited_picks`` holds what each of them took and gave."""


def record(connection: sqlite3.Connection, text: str, difference: Difference, extends: int | None) -> int:
    """Carry out an edit and remember it; returns its step number (``extends`` or 0 if it changed nothing).

    The catalogue that came with it goes when the edit is undone.
    """
    if not difference:
        return extends or 0
    _forget_undone(connection)
    newest = last_done(connection)
    edit = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM edits").fetchone()[0]
    step = extends if newest and newest[0] == extends else edit
    size = sum(map(len, (difference.before, difference.after, difference.events_before, difference.events_after)))
    connection.execute("INSERT INTO edits (id, step, text, size) VALUES (?, ?, ?, ?)", (edit, step, text, size))
    for side, picks in (("before", difference.before), ("after", difference.after)):
        connection.executemany(
            f"INSERT INTO edited_picks (edit, side, {PICK_FIELDS}) VALUES (?, ?, {PICK_PLACEHOLDERS})",
            ((edit, side, *row_of(pick)) for pick in picks),
        )
    for side, events in (("before", difference.events_before), ("after", difference.events_after)):
        connection.executemany(
            "INSERT INTO edited_events (edit, side, resource_id, time, content) VALUES (?, ?, ?, ?, ?)",
            ((edit, side, *event_rows.row_of(event)) for event in events),
        )
    _replace(connection, edit, leaves="before", comes="after")
    if difference.document:
        row = (edit, *difference.document)
        connection.execute("INSERT INTO documents (edit, name, quakeml) VALUES (?, ?, ?)", row)
    _forget_oldest(connection)
    return step


def undo(connection: sqlite3.Connection) -> Change | None:
    """Take back the last step; returns what that changed, None if there is no step."""
    step = last_done(connection)
    return None if step is None else _swap(connection, step[0], undone=True)


def redo(connection: sqlite3.Connection) -> Change | None:
    """Do the first undone step again; returns as ``undo``."""
    step = first_undone(connection)
    return None if step is None else _swap(connection, step[0], undone=False)


def last_done(connection: sqlite3.Connection) -> tuple[int, str] | None:
    """Number and text of the step that undo would take back."""
    return connection.execute(
        "SELECT id, text FROM edits WHERE NOT undone AND id = step ORDER BY id DESC LIMIT 1"
    ).fetchone()


def first_undone(connection: sqlite3.Connection) -> tuple[int, str] | None:
    """Number and text of the step that redo would do again."""
    oldest = "SELECT id, text FROM edits WHERE undone AND id = step ORDER BY id LIMIT 1"
    return connection.execute(oldest).fetchone()


def texts(connection: sqlite3.Connection) -> list[str]:
    """Texts of the steps that can be undone, oldest first."""
    rows = connection.execute("SELECT text FROM edits WHERE NOT undone AND id = step ORDER BY id")
    return [text for (text,) in rows]


def documents(connection: sqlite3.Connection) -> tuple[bytes, ...]:
    """QuakeML of the catalogues whose import is not undone, oldest first."""
    rows = connection.execute(
        "SELECT quakeml FROM documents LEFT JOIN edits ON edit = edits.id "
        "WHERE coalesce(undone, 0) = 0 ORDER BY documents.id"
    )
    return tuple(quakeml for (quakeml,) in rows)


def _forget_undone(connection: sqlite3.Connection) -> None:
    """What was undone can no longer be redone."""
    connection.execute("DELETE FROM documents WHERE edit IN (SELECT id FROM edits WHERE undone)")
    connection.execute("DELETE FROM edits WHERE undone")


def _swap(connection: sqlite3.Connection, step: int, undone: bool) -> Change:
    picks = _picks(connection, step)
    events = {event.resource_id for event in _events(connection, step)}
    leaves, comes = ("after", "before") if undone else ("before", "after")
    order = "DESC" if undone else "ASC"
    for (edit,) in connection.execute(f"SELECT id FROM edits WHERE step = ? ORDER BY id {order}", (step,)).fetchall():
        _replace(connection, edit, leaves, comes)
    connection.execute("UPDATE edits SET undone = ? WHERE step = ?", (undone, step))
    picks_now, events_now = _picks(connection, step), _events(connection, step)
    gone = {pick.resource_id for pick in picks}.difference(pick.resource_id for pick in picks_now)
    return Change(
        PicksChanged(frozenset(gone), picks_now, picks),
        EventsChanged(frozenset(events.difference(event.resource_id for event in events_now)), events_now),
    )


def _replace(connection: sqlite3.Connection, edit: int, leaves: str, comes: str) -> None:
    for table, fields in _TABLES.items():
        connection.execute(
            f"DELETE FROM {table} WHERE resource_id IN "
            f"(SELECT resource_id FROM edited_{table} WHERE edit = ? AND side = ?)",
            (edit, leaves),
        )
        connection.execute(
            f"INSERT INTO {table} ({fields}) SELECT {fields} FROM edited_{table} WHERE edit = ? AND side = ?",
            (edit, comes),
        )


def _picks(connection: sqlite3.Connection, step: int) -> list[Pick]:
    """The picks that a step touches, as far as they are there now."""
    return [pick_of(row) for row in _present(connection, "picks", step)]


def _events(connection: sqlite3.Connection, step: int) -> list[Event]:
    """The events that a step touches, as far as they are there now."""
    return [event_rows.event_of(row) for row in _present(connection, "events", step)]


def _present(connection: sqlite3.Connection, table: str, step: int) -> sqlite3.Cursor:
    return connection.execute(
        f"SELECT {_TABLES[table]} FROM {table} WHERE resource_id IN "
        f"(SELECT resource_id FROM edited_{table} JOIN edits ON edit = id WHERE step = ?)",
        (step,),
    )


def _forget_oldest(connection: sqlite3.Connection) -> None:
    connection.execute(
        "DELETE FROM edits WHERE step IN (SELECT step FROM ("
        "SELECT step, row_number() OVER (ORDER BY step DESC) AS age, sum(sum(size)) OVER (ORDER BY step DESC) AS picks "
        "FROM edits GROUP BY step) WHERE age > 1 AND (age > ? OR picks > ?))",
        (MAX_STEPS, MAX_PICKS),
    )
