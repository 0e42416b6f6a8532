"""What a person does to picks. Every method is one undo step."""

from collections.abc import Callable, Iterable
from time import monotonic

from obspy import UTCDateTime

from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.project import AddPicks, ChangePicks, Edit, FinalEventError, PickBook, RemovePicks
from quakeview.waveforms.channels import ChannelId

UNCERTAINTIES = (0.02, 0.05, 0.1, 0.2)
"""Seconds, of the classes 1 to 4."""

_SAME_MOVE = 1.5
"""Seconds between two moves of one pick that still are one undo step: nudging by keys."""


class PickEditor:
    """Edits the book that ``book()`` returns; ids that are no longer there are ignored.

    Args:
        refused: is told a sentence when picks of a final event would change, and nothing is done.
    """

    def __init__(self, book: Callable[[], PickBook], refused: Callable[[str], None]) -> None:
        self._book, self._refused = book, refused
        self._last_move: tuple[str, int, float] | None = None

    def add(self, channel_id: ChannelId, seconds: float, phase: str, within: float = 0.0) -> Pick:
        """A manual pick at ``seconds`` since 1970-01-01 UTC, or the one a person has set there already.

        Args:
            within: seconds in which two picks of a phase are the same, a sampling interval.
        """
        time = UTCDateTime(seconds)
        for known in self._book().picks([channel_id], start=time - within, end=time + within):
            if known.phase == phase and known.status in (PickStatus.MANUAL, PickStatus.CONFIRMED):
                return known
        pick = Pick(channel_id, phase, time, PickStatus.MANUAL)
        self._book().apply(AddPicks((pick,)))
        return pick

    def move(self, pick_id: str, seconds: float) -> None:
        """To another time; moves of the same pick in quick succession are one step."""
        for pick in self._book().find([pick_id]):
            known, step, when = self._last_move or ("", 0, 0.0)
            extends = step if known == pick_id and monotonic() - when < _SAME_MOVE else None
            edit = ChangePicks((pick.moved(UTCDateTime(seconds)),), f"Move {_name(pick)}")
            done = self._apply(edit, extends)
            self._last_move = None if done is None else (pick_id, done, monotonic())

    def confirm(self, ids: Iterable[str]) -> None:
        """Agree with automatic picks; a rejected one comes back."""
        self._change(ids, Pick.confirmed, "Confirm")

    def reject(self, ids: Iterable[str]) -> None:
        """Disagree; the picks are kept, pale, so that the model does not bring them back."""
        self._change(ids, Pick.rejected, "Reject")

    def delete(self, ids: Iterable[str]) -> None:
        """Remove the picks."""
        if present := self._book().find(ids):
            self._apply(RemovePicks([pick.resource_id for pick in present]))

    def set_polarity(self, ids: Iterable[str], polarity: Polarity | None) -> None:
        """First motion, or None to forget it."""
        self._change(ids, lambda pick: pick.with_(polarity=polarity), "Polarity of")

    def set_phase(self, ids: Iterable[str], phase: str) -> None:
        """Another phase hint."""
        self._change(ids, lambda pick: pick.with_(phase=phase), "Phase of")

    def set_uncertainty(self, ids: Iterable[str], seconds: float | None) -> None:
        """The same before and after the onset, or None to forget it."""
        self._change(
            ids, lambda pick: pick.with_(lower_uncertainty=seconds, upper_uncertainty=seconds), "Uncertainty of"
        )

    def _change(self, ids: Iterable[str], change: Callable[[Pick], Pick], verb: str) -> None:
        before = self._book().find(ids)
        after = [new for old in before if (new := change(old)) != old]
        if after:
            name = _name(after[0]) if len(after) == 1 else f"{len(after)} picks"
            self._apply(ChangePicks(after, f"{verb} {name}"))

    def _apply(self, edit: Edit, extends: int | None = None) -> int | None:
        """The undo step; None if it was refused."""
        try:
            return self._book().apply(edit, extends=extends)
        except FinalEventError as error:
            self._refused(str(error))
            return None


def _name(pick: Pick) -> str:
    return f"{pick.phase} at {pick.channel_id.network}.{pick.channel_id.station}"
