"""Phases and weight classes as the preferences have them, as actions."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from quakeview.app.shell.actions import ActionRegistry
from quakeview.app.shell.preferences import Preferences
from quakeview.app.waveforms.picking_actions import (
    PHASE_KEYS,
    change_texts,
    mode_texts,
    pick_texts,
    weight_texts,
)
from quakeview.app.waveforms.reviewing import PickReview
from quakeview.app.waveforms.trace_keys import TraceActions
from quakeview.errors import QuakeViewError
from quakeview.monitoring.pick_weights import UNCERTAINTIES, parse_uncertainties

_FIRST = {"p": "P", "s": "S"}
_FREE = "Free"
"""What a key without a phase is called."""


class PickChoices(QObject):
    """Picks any phase at the cursor or as the mode, and gives picks another phase, onset or weight class."""

    def __init__(
        self,
        review: PickReview,
        traces: TraceActions,
        registry: ActionRegistry,
        preferences: Preferences,
        has_data: Callable[[], bool | str],
    ) -> None:
        super().__init__(review)
        self._review, self._traces, self._registry, self._preferences = review, traces, registry, preferences
        bind, selected = registry.bind, review.has_selection
        for letter, phase in _FIRST.items():
            bind(f"picks.phase_{letter}", lambda _, phase=phase: self.set_mode(phase), has_data)
            bind(f"picks.change_{letter}", partial(self._change_phase, phase), selected)
        for key in PHASE_KEYS:
            bind(f"picks.pick_{key}", partial(self._pick, key), partial(self._can, key, has_data))
            bind(f"picks.mode_{key}", partial(self._set_mode_of, key), partial(self._can, key, has_data))
            bind(f"picks.change_{key}", partial(self._change_to, key), partial(self._can, key, selected))
        for number in range(len(UNCERTAINTIES)):
            bind(f"picks.weight_{number}", partial(self._set_weight, number), selected)
        bind("picks.weight_4", lambda: review.editor.leave_out(review.ids), selected)
        for name, onset in (("impulsive", "impulsive"), ("emergent", "emergent"), ("no_onset", None)):
            bind(f"picks.{name}", partial(self._set_onset, onset), selected)
        preferences.changed.connect(self._follow)
        self._show_names()
        self.set_mode("P")

    @property
    def phases(self) -> dict[int, str]:
        """By key."""
        names = self._preferences[self._preferences.PHASES].split()
        return dict(zip(PHASE_KEYS, names, strict=False))

    def set_mode(self, phase: str) -> None:
        """Space and double-click pick this phase from now on."""
        self._review.set_phase(phase)
        for letter, name in _FIRST.items():
            self._registry[f"picks.phase_{letter}"].setChecked(name == phase)
        for key in PHASE_KEYS:
            self._registry[f"picks.mode_{key}"].setChecked(self.phases.get(key) == phase)

    def _follow(self, key: str) -> None:
        if key in (self._preferences.PHASES.key, self._preferences.UNCERTAINTIES.key):
            self._show_names()
            self.set_mode(self._review.phase)

    def _show_names(self) -> None:
        rename = self._registry.rename
        for key in PHASE_KEYS:
            phase = self.phases.get(key, _FREE)
            rename(f"picks.pick_{key}", *pick_texts(phase))
            rename(f"picks.mode_{key}", *mode_texts(phase))
            rename(f"picks.change_{key}", *change_texts(phase))
        for number, seconds in enumerate(uncertainties(self._preferences)):
            rename(f"picks.weight_{number}", *weight_texts(number, seconds))

    def _can(self, key: int, otherwise: Callable[[], bool | str]) -> bool | str:
        return otherwise() if key in self.phases else f"The preferences name no phase for the key {key}."

    def _pick(self, key: int) -> None:
        self._traces.view.pick_at_cursor(self.phases[key])

    def _set_mode_of(self, key: int, _: bool) -> None:
        self.set_mode(self.phases[key])

    def _change_to(self, key: int) -> None:
        self._change_phase(self.phases[key])

    def _change_phase(self, phase: str) -> None:
        self._review.editor.set_phase(self._review.ids, phase)

    def _set_weight(self, number: int) -> None:
        self._review.editor.set_uncertainty(self._review.ids, uncertainties(self._preferences)[number])

    def _set_onset(self, onset: str | None) -> None:
        self._review.editor.set_onset(self._review.ids, onset)


def uncertainties(preferences: Preferences) -> tuple[float, ...]:
    """Seconds, of the weight classes 0 to 3; the usual ones if the settings file holds something else."""
    try:
        return parse_uncertainties(preferences[preferences.UNCERTAINTIES])
    except QuakeViewError:
        return UNCERTAINTIES


def uncertainty_of_new(preferences: Preferences) -> float | None:
    """Seconds, of a pick that a person sets; None if the preferences want none."""
    number = preferences[preferences.NEW_PICKS]
    return uncertainties(preferences)[number] if 0 <= number < len(UNCERTAINTIES) else None
