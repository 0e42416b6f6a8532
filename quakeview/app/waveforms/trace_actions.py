"""What keys do to the traces: actions that are on the sheet of keys and in the palette, but in no menu."""

from quakeview.app.shell.action_spec import ActionSpec

TRACES = "Traces"
"""Their category."""
PICKED_BY_KEY = {
    "P": ("P", "1"),
    "S": ("S", "2"),
}
"""Phases that keys pick at the cursor."""


def pick_action(phase: str) -> str:
    """The id of the action that picks a phase at the cursor."""
    return f"traces.pick_{phase.lower()}"


def _spec(name: str, text: str, tip: str, *keys: str) -> ActionSpec:
    return ActionSpec(f"traces.{name}", text, TRACES, tip, keys=keys, workspace="view.waveforms", menu=False)


# fmt: off
TRACE_ACTIONS = (
    *(_spec(f"pick_{phase.lower()}", f"Pick {phase}", f"Pick {phase} at the cursor", *keys)
      for phase, keys in PICKED_BY_KEY.items()),
    _spec("pick", "Pick", "Pick the phase of the mode at the cursor; a double-click picks it too", "Space"),
    _spec("pick_next", "Pick and Next Trace", "Pick the phase of the mode at the cursor and choose the trace below"),
    _spec("deselect", "Select No Pick", "No pick is selected any more"),
    _spec("back", "Move Back", "Show a little earlier", "Left"),
    _spec("forward", "Move On", "Show a little later", "Right"),
    _spec("page_back", "Page Back", "Show the screen before", "Shift+Left"),
    _spec("page_forward", "Page Forward", "Show the next screen", "Shift+Right"),
    _spec("start", "Start of the Record", "Go to the start of the record", "Home"),
    _spec("end", "End of the Record", "Go to the end of the record", "End"),
    _spec("cursor_back", "Cursor Back", "Move the cursor by a pixel to the left", "Ctrl+Left"),
    _spec("cursor_forward", "Cursor On", "Move the cursor by a pixel to the right", "Ctrl+Right"),
    _spec("cursor_far_back", "Cursor Far Back", "Move the cursor by ten pixels to the left", "Ctrl+Shift+Left"),
    _spec("cursor_far_forward", "Cursor Far On", "Move the cursor by ten pixels to the right", "Ctrl+Shift+Right"),
    _spec("nudge_back", "Pick Earlier", "Move the selected pick by a pixel to the left", "Alt+Left"),
    _spec("nudge_forward", "Pick Later", "Move the selected pick by a pixel to the right", "Alt+Right"),
    _spec("nudge_far_back", "Pick Much Earlier", "Move the selected pick by ten pixels to the left", "Alt+Shift+Left"),
    _spec("nudge_far_forward", "Pick Much Later", "Move the selected pick by ten pixels to the right",
          "Alt+Shift+Right"),
    _spec("trace_up", "Trace Above", "Choose the trace above", "Up"),
    _spec("trace_down", "Trace Below", "Choose the trace below", "Down"),
    _spec("larger", "Larger Amplitudes", "Draw all traces higher", "Shift+Up"),
    _spec("smaller", "Smaller Amplitudes", "Draw all traces lower", "Shift+Down"),
    _spec("fit", "Fit Amplitudes", "Draw all traces as high as they fit"),
    _spec("zoom_between", "Zoom between Two Presses",
          "Remember the time of the cursor; pressed once more, show what is between"),
    _spec("zoom_back", "Zoom Back", "Show what was there before such a zoom, or the whole record"),
    _spec("stations_up", "Stations Above", "Scroll up by a screen of stations; the wheel scrolls too", "PgUp"),
    _spec("stations_down", "Stations Below", "Scroll down by a screen of stations; the wheel scrolls too", "PgDown"),
)
# fmt: on
