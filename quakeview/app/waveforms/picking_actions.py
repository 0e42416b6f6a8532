"""The actions of the Waveforms workspace by which one reads phases."""

from dataclasses import replace

from quakeview.app.shell.action_spec import ActionSpec
from quakeview.monitoring.pick_weights import UNCERTAINTIES

_WAVEFORMS = "view.waveforms"

PHASES = ("Pn", "Pg", "Sn", "Sg", "PmP", "Lg", "Rg")
"""Of the keys 3 to 9, unless the preferences name others."""
PHASE_KEYS = tuple(range(3, 3 + len(PHASES)))
_OTHERS, _CHANGE, _WEIGHT = "Other Phases", "Change Phase", "Weight"
PICKING_SUBMENUS = dict.fromkeys((_OTHERS, _CHANGE, _WEIGHT), "Picks")


def pick_texts(phase: str) -> tuple[str, str]:
    """Text and tip of the action that picks a phase."""
    return f"Pick {phase}", f"Pick {phase} at the cursor"


def mode_texts(phase: str) -> tuple[str, str]:
    """Text and tip of the action that makes a phase that of the mode."""
    return f"{phase} Mode", f"A pick, or a double-click, is {phase}"


def change_texts(phase: str) -> tuple[str, str]:
    """Text and tip of the action that gives picks another phase."""
    return phase, f"The selected picks are {phase}"


def weight_texts(number: int, seconds: float) -> tuple[str, str]:
    """Text and tip of a weight class with an uncertainty."""
    return f"Weight {number}: ±{seconds:g} s", f"Read to ±{seconds:g} s"


def _spec(name: str, category: str, texts: tuple[str, str], key: str = "") -> ActionSpec:
    text, tip = texts
    return ActionSpec(f"picks.{name}", text, category, tip, keys=(key,) if key else (), workspace=_WAVEFORMS)


_KEYED = tuple(zip(PHASE_KEYS, PHASES, strict=True))
_PICK = tuple(_spec(f"pick_{key}", _OTHERS, pick_texts(phase), str(key)) for key, phase in _KEYED)
_MODE = tuple(
    replace(_spec(f"mode_{key}", _OTHERS, mode_texts(phase)), checkable=True, separated=key == PHASE_KEYS[0])
    for key, phase in _KEYED
)
_CHANGES = (
    _spec("change_p", _CHANGE, change_texts("P")),
    _spec("change_s", _CHANGE, change_texts("S")),
    *(_spec(f"change_{key}", _CHANGE, change_texts(phase)) for key, phase in _KEYED),
)
_WEIGHTS = (
    *(
        _spec(f"weight_{number}", _WEIGHT, weight_texts(number, seconds), f"Shift+{number + 1}")
        for number, seconds in enumerate(UNCERTAINTIES)
    ),
    _spec("weight_4", _WEIGHT, ("Weight 4: Not Used", "Keep the pick, and locate without it"), "Shift+5"),
)

# fmt: off
PICKING_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("picks.all", "Pick All", "Picks", "Find P and S at every station with the chosen model", "auto-fix",
               ("A",), workspace=_WAVEFORMS),
    ActionSpec("picks.station", "Pick Station", "Picks", "Find P and S at the selected station", "target",
               ("Shift+A",), workspace=_WAVEFORMS),
    ActionSpec("picks.characterise", "This Station Alone", "Picks",
               "Distance, direction, magnitude and first motion of the earthquake from the selected station alone",
               "radar", ("W",), workspace=_WAVEFORMS),
    ActionSpec("picks.use_polarity", "Use This Polarity", "Picks",
               "Give the P pick the first motion that was found at this station alone", "arrow-up-down-bold-outline",
               workspace=_WAVEFORMS),
    ActionSpec("picks.compare", "Compare Models…", "Picks",
               "Let a second model pick what the traces show, and see its picks beside those of the chosen one",
               "compare-horizontal", ("Shift+W",), checkable=True, workspace=_WAVEFORMS),
    ActionSpec("view.picker", "Picking View", "Picks",
               "The components of one station large, with particle motion and the other stations beside it",
               "target-variant", ("Q",), checkable=True, workspace=_WAVEFORMS),
    ActionSpec("picks.phase_p", "P Mode", "Picks", "A pick, or a double-click, is a P", "alpha-p-box", checkable=True,
               separated=True, workspace=_WAVEFORMS),
    ActionSpec("picks.phase_s", "S Mode", "Picks", "A pick, or a double-click, is an S", "alpha-s-box", checkable=True,
               workspace=_WAVEFORMS),
    *_PICK,
    *_MODE,
    ActionSpec("picks.next", "Next Pick", "Picks", "Select and show the next pick", "chevron-right",
               ("N",), separated=True, workspace=_WAVEFORMS),
    ActionSpec("picks.previous", "Previous Pick", "Picks", "Select and show the previous pick", "chevron-left",
               ("Shift+N", "B"), workspace=_WAVEFORMS),
    ActionSpec("picks.next_station", "Next Station", "Picks", "Go to the next station of the open event by distance",
               "arrow-right-bold-outline", ("'",), workspace=_WAVEFORMS),
    ActionSpec("picks.previous_station", "Previous Station", "Picks",
               "Go to the station of the open event before, by distance", "arrow-left-bold-outline", (";",),
               workspace=_WAVEFORMS),
    ActionSpec("view.zoom_pick", "Zoom to Pick", "Picks",
               "Show the selected pick large, its station alone; the same key shows what was there before",
               "magnify-scan", ("Z",), checkable=True, workspace=_WAVEFORMS),
    ActionSpec("picks.confirm", "Confirm and Next", "Picks", "Agree with the selected pick and go to the next",
               "check", ("Return", "Enter"), workspace=_WAVEFORMS),
    ActionSpec("picks.reject", "Reject and Next", "Picks", "Disagree with the selected pick and go to the next",
               "close-circle-outline", ("X",), workspace=_WAVEFORMS),
    ActionSpec("picks.delete", "Delete Pick", "Picks", "Delete the selected picks", "trash-can-outline",
               ("Del", "Backspace"), workspace=_WAVEFORMS),
    ActionSpec("picks.up", "Polarity Up", "Picks", "First motion is up", "arrow-up-bold-outline", ("+", "Ctrl+Up"),
               separated=True, workspace=_WAVEFORMS),
    ActionSpec("picks.down", "Polarity Down", "Picks", "First motion is down", "arrow-down-bold-outline",
               ("-", "Ctrl+Down"), workspace=_WAVEFORMS),
    ActionSpec("picks.no_polarity", "No Polarity", "Picks", "Forget the first motion", "minus", workspace=_WAVEFORMS),
    ActionSpec("picks.impulsive", "Impulsive Onset", "Picks", "The phase begins sharply", "alpha-i-circle-outline",
               ("I",), separated=True, workspace=_WAVEFORMS),
    ActionSpec("picks.emergent", "Emergent Onset", "Picks", "The phase rises slowly out of the noise",
               "alpha-e-circle-outline", ("Shift+I",), workspace=_WAVEFORMS),
    ActionSpec("picks.no_onset", "No Onset", "Picks", "Forget how the phase begins", "minus", workspace=_WAVEFORMS),
    *_CHANGES,
    *_WEIGHTS,
)
# fmt: on
