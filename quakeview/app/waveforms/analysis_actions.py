"""The actions of the Waveforms workspace that look at a record in another way."""

from quakeview.app.shell.action_spec import ActionSpec, WidgetKeys

_WAVEFORMS = "view.waveforms"
HELICORDER, RECORD_SECTION = "view.helicorder", "view.record_section"

# fmt: off
ANALYSIS_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("view.spectrogram", "Spectrogram", "Analysis", "Spectrogram of the selected trace", "gradient-vertical",
               ("G",), workspace=_WAVEFORMS),
    ActionSpec("view.particle_motion", "Particle Motion", "Analysis",
               "Hodograms and back-azimuth after the selected pick, of the selection, or of what is visible",
               "axis-arrow", ("K",), workspace=_WAVEFORMS),
    ActionSpec("view.spectrum", "Spectrum", "Analysis",
               "Spectra of the selection, or of what is visible, with the noise before P", "chart-bell-curve",
               ("U",), workspace=_WAVEFORMS),
    ActionSpec("events.first_motions", "First Motions", "Analysis",
               "First motions of the selected event on a stereonet, with the double couple that they allow",
               "circle-half-full", ("Shift+K",), workspace=_WAVEFORMS),
    ActionSpec(HELICORDER, "Helicorder", "Analysis",
               "Show a day of the selected trace in rows, with the filter applied, in the place of the traces",
               "format-align-justify", ("J",), checkable=True, separated=True, workspace=_WAVEFORMS),
    ActionSpec(RECORD_SECTION, "Record Section", "Analysis",
               "Show the traces of the open event in the order of distance, in the place of the traces",
               "sort-descending", ("Y",), checkable=True, workspace=_WAVEFORMS),
    ActionSpec("view.response", "Response and Metadata…", "Analysis",
               "Epochs, sensor, stages and the response over frequency of the selected station",
               "chart-bell-curve-cumulative", ("Alt+R",), workspace=_WAVEFORMS),
    ActionSpec("picks.move_correlated", "Move Picks to the Correlated Times", "Picks",
               "Move the picks whose traces fit the others, as one step that can be undone",
               "arrow-collapse-horizontal", workspace=_WAVEFORMS),
    ActionSpec("view.go_to_time", "Go to Time…", "View", "Show a time that you type: 16:33, +30 s, 2019-185 17:02",
               "clock-fast", ("Ctrl+G",), workspace=_WAVEFORMS),
)
# fmt: on

HELICORDER_KEYS: WidgetKeys = (
    (("PgUp", "PgDown"), "The day before, the next day"),
    (("Up", "Down"), "The trace above, the trace below"),
    (("Shift+Up", "Shift+Down"), "Higher or lower motion"),
    (("click",), "Show the traces at that time"),
)
