"""What a person does to picks. Every method is one undo step."""

from collections.abc import Callable, Iterable
from time import monotonic

from obspy import UTCDateTime

from quakeview.monitoring.picks import Pick, PickStatus, Polarity
from quakeview.project import AddPicks, ChangePicks, Edit, FinalEventError, PickBook, RemovePicks
from quakeview.waveforms.channels import ChannelId

_SAME_MOVE = 1.5
"""Seconds between two moves of one pick that still are one undo step: nudging by keys."""


class PickEditor:
    """Edits the book that ``book()`` returns; ids that are no longer there are ignored.

    Args:
        of_new: returns the uncertainty, s, of a pick that a person sets; None: it has none.
        refused: is told a sentence when picks of a final event would change, and nothing is done.
    """

    def __init__(
        self, book: Callable[[], PickBook], of_new: Callable[[], float | None], refused: Callable[[str], None]
    ) -> None:
        self._book, self._of_new, self._refused = book, of_new, refused
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
        pick = self._with_uncertainty(Pick(channel_id, phase, time, PickStatus.MANUAL))
        self._book().apply(AddPicks((pick,)))
        return pick

    def move(self, pick_id: str, seconds: float) -> None:
        """To another time; moves of the same pick in quick succession are one step."""
        for pick in self._book().find([pick_id]):
            known, step, when = self._last_move or ("", 0, 0.0)
            extends = step if known == pick_id and monotonic() - when < _SAME_MOVE else None
            moved = self._with_uncertainty(pick.moved(UTCDateTime(seconds)))
            done = self._apply(ChangePicks((moved,), f"Move {_name(pick)}"), extends)
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

    def set_uncertainty(self, ids: Iterable[str], seconds: float) -> None:
        """The same before and after the onset; a pick that was left out counts again."""
        self._change(
            ids,
            lambda pick: pick.with_(lower_uncertainty=seconds, upper_uncertainty=seconds, used=True),
            "Uncertainty of",
        )

    def leave_out(self, ids: Iterable[str]) -> None:
        """Keep picks, but locate without them."""
        self._change(ids, lambda pick: pick.with_(used=False), "Leave out")

    def set_onset(self, ids: Iterable[str], onset: str | None) -> None:
        """``impulsive`` or ``emergent``, or None to forget it."""
        self._change(ids, lambda pick: pick.with_(onset=onset), "Onset of")

    def _with_uncertainty(self, pick: Pick) -> Pick:
        """A pick that has none gets that of new picks."""
        seconds = self._of_new()
        known = pick.uncertainty is not None or seconds is None
        return pick if known else pick.with_(lower_uncertainty=seconds, upper_uncertainty=seconds)

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
