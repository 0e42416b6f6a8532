"""The actions of the Waveforms workspace that look at a record in another way."""

from quakeview.app.shell.action_spec import ActionSpec

# fmt: off
ANALYSIS_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("view.spectrogram", "Spectrogram", "Analysis", "Spectrogram of the selected trace", "gradient-vertical",
               ("G",), workspace="view.waveforms"),
)
# fmt: on
