"""The actions of the Waveforms workspace by which one reads phases."""

from quakeview.app.shell.action_spec import ActionSpec

_WAVEFORMS = "view.waveforms"

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
    ActionSpec("picks.phase_p", "P Mode", "Picks", "Space and double-click set a P", "alpha-p-box", checkable=True,
               separated=True, workspace=_WAVEFORMS),
    ActionSpec("picks.phase_s", "S Mode", "Picks", "Space and double-click set an S", "alpha-s-box", checkable=True,
               workspace=_WAVEFORMS),
    ActionSpec("picks.next", "Next Pick", "Picks", "Select and show the next pick", "chevron-right",
               ("N",), separated=True, workspace=_WAVEFORMS),
    ActionSpec("picks.previous", "Previous Pick", "Picks", "Select and show the previous pick", "chevron-left",
               ("Shift+N", "B"), workspace=_WAVEFORMS),
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
    ActionSpec("picks.uncertainty_1", "Uncertainty ±0.02 s", "Picks", "Read to ±0.02 s", "", ("Shift+1",),
               separated=True, workspace=_WAVEFORMS),
    ActionSpec("picks.uncertainty_2", "Uncertainty ±0.05 s", "Picks", "Read to ±0.05 s", "", ("Shift+2",),
               workspace=_WAVEFORMS),
    ActionSpec("picks.uncertainty_3", "Uncertainty ±0.1 s", "Picks", "Read to ±0.1 s", "", ("Shift+3",),
               workspace=_WAVEFORMS),
    ActionSpec("picks.uncertainty_4", "Uncertainty ±0.2 s", "Picks", "Read to ±0.2 s", "", ("Shift+4",),
               workspace=_WAVEFORMS),
)
# fmt: on
