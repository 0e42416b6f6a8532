"""Every action of the window, once: name, icon, keys, tip.

Menus, tool bars, command palette, shortcut sheet and the documentation read it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcutEvent
from PySide6.QtWidgets import QWidget

from quakeview.app import theme


@dataclass(frozen=True)
class ActionSpec:
    """What is known of an action before there is a window.

    Attributes:
        keys: portable key sequences, the first one is shown.
        local: the keys work only in the widgets the action is added to (Return and Space mean other things elsewhere).
        separated: a line above it in its menu.
        workspace: where alone it makes sense, as the action that shows the workspace; empty: everywhere. Two actions
            may share a key if they are at home in different workspaces.
    """

    id: str
    text: str
    category: str
    tip: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    local: bool = False
    checkable: bool = False
    separated: bool = False
    workspace: str = ""


CATEGORIES = ("File", "Edit", "View", "Picks", "Wavefield", "Forecast", "Models", "Help")
SUBMENUS = {"Forecast": "Wavefield"}
"""Categories whose menu is inside that of another."""
WAVEFORMS, WAVEFIELD, MODELS = WORKSPACES = ("view.waveforms", "view.wavefield", "view.models")
"""The actions that bring a workspace to the front, in the order of the rail."""

# fmt: off
ACTIONS = (
    ActionSpec("file.open", "Open Files…", "File", "Open waveforms, picks, events, stations, a project or a scenario",
               "folder-open-outline", ("Ctrl+O",)),
    ActionSpec("file.open_folder", "Open Folder…", "File",
               "Open every waveform file in a folder, an SDS archive included",
               "folder-outline", ("Ctrl+Shift+O",)),
    ActionSpec("file.sample", "Try the Sample", "File", "Open a real record of small earthquakes that comes with ObsPy",
               "flask-outline"),
    ActionSpec("file.save_project", "Save Project As…", "File", "Save picks, open files and view as a .qvproj project",
               "content-save-outline", ("Ctrl+S",), separated=True),
    ActionSpec("file.import_picks", "Import Picks…", "File", "Read picks from QuakeML, CSV or NonLinLoc obs",
               "import", separated=True),
    ActionSpec("file.export_picks", "Export Picks…", "File", "Write the picks as QuakeML, CSV or NonLinLoc obs",
               "export", ("Ctrl+E",)),
    ActionSpec("file.picture", "Export Picture…", "File", "Save the traces or the map as PNG or SVG",
               "image-outline", ("Ctrl+Shift+E",)),
    ActionSpec("file.files", "Files of This Session…", "File", "See what is open, and take files out of the session",
               "file-multiple-outline", separated=True, workspace=WAVEFORMS),
    ActionSpec("file.remove_station", "Remove Station", "File",
               "Take the selected station out of the session; its picks are kept", "eye-off-outline",
               workspace=WAVEFORMS),
    ActionSpec("file.close", "Close Session", "File", "Close all files; the picks stay in the saved project",
               "close", ("Ctrl+W",), workspace=WAVEFORMS),
    ActionSpec("file.quit", "Quit", "File", "Leave QuakeView; the session comes back at the next start",
               "", ("Ctrl+Q",)),

    ActionSpec("edit.undo", "Undo", "Edit", "Take back the last change of picks", "undo", ("Ctrl+Z",),
               workspace=WAVEFORMS),
    ActionSpec("edit.redo", "Redo", "Edit", "Repeat what was taken back", "redo", ("Ctrl+Shift+Z", "Ctrl+Y"),
               workspace=WAVEFORMS),
    ActionSpec("edit.preferences", "Preferences…", "Edit", "Theme, keys, device, model and thresholds",
               "cog-outline", ("Ctrl+,",), separated=True),

    ActionSpec("view.waveforms", "Waveforms", "View", "Seismograms and picks", "waveform", ("Ctrl+1",), checkable=True),
    ActionSpec("view.wavefield", "Wavefield", "View", "Earthquake scenarios: simulate and replay them", "access-point",
               ("Ctrl+2",), checkable=True),
    ActionSpec("view.models", "Models", "View", "The models that can be used, and how good they are", "brain",
               ("Ctrl+3",),
               checkable=True),
    ActionSpec("view.filter", "Filter On/Off", "View", "Switch the filter off and on again", "filter-outline", ("F",),
               checkable=True, separated=True, workspace=WAVEFORMS),
    ActionSpec("view.custom_filter", "Custom Filter…", "View", "Choose the corner frequencies", "tune-vertical",
               ("Shift+F",), workspace=WAVEFORMS),
    ActionSpec("view.detrend", "Detrend", "View", "Remove the mean and the linear trend of everything shown",
               "trending-neutral", ("D",), checkable=True, workspace=WAVEFORMS),
    ActionSpec("view.common_scale", "Common Scale", "View",
               "One amplitude scale for all traces instead of one for each",
               "arrow-expand-vertical", ("C",), checkable=True, workspace=WAVEFORMS),
    ActionSpec("view.sort_name", "Sort by Name", "View", "Network, station, location, channel",
               "sort-alphabetical-ascending", checkable=True, separated=True, workspace=WAVEFORMS),
    ActionSpec("view.sort_distance", "Sort by Distance", "View",
               "Epicentral distance if an event and coordinates are open, else S−P time, else first P",
               "map-marker-distance", checkable=True, workspace=WAVEFORMS),
    ActionSpec("view.zoom_in", "Zoom In", "View", "Show half of the time", "magnify-plus-outline", ("Ctrl++", "Ctrl+="),
               separated=True, workspace=WAVEFORMS),
    ActionSpec("view.zoom_out", "Zoom Out", "View", "Show twice the time", "magnify-minus-outline", ("Ctrl+-",),
               workspace=WAVEFORMS),
    ActionSpec("view.all", "Whole Record", "View", "Show the whole record", "fit-to-page-outline", ("0",),
               workspace=WAVEFORMS),
    ActionSpec("view.fewer_stations", "Fewer Stations", "View", "Show fewer stations at once: higher traces",
               "unfold-more-horizontal", ("[",), separated=True, workspace=WAVEFORMS),
    ActionSpec("view.more_stations", "More Stations", "View", "Show more stations at once: lower traces",
               "unfold-less-horizontal", ("]",), workspace=WAVEFORMS),
    ActionSpec("view.readable_stations", "Readable Number of Stations", "View",
               "Show as many stations at once as can be read well", "format-line-spacing", ("Ctrl+0",),
               workspace=WAVEFORMS),
    ActionSpec("view.spectrogram", "Spectrogram", "View", "Spectrogram of the selected trace", "gradient-vertical",
               ("G",), workspace=WAVEFORMS),
    ActionSpec("view.jobs", "Jobs", "View", "Work in the background: progress, log, cancel", "progress-clock",
               ("Ctrl+J",),
               checkable=True, separated=True),
    ActionSpec("view.full_screen", "Full Screen", "View", "Only QuakeView", "fullscreen", ("F11",), checkable=True),

    ActionSpec("picks.all", "Pick All", "Picks", "Find P and S at every station with the chosen model", "auto-fix",
               ("A",), workspace=WAVEFORMS),
    ActionSpec("picks.station", "Pick Station", "Picks", "Find P and S at the selected station", "target",
               ("Shift+A",), workspace=WAVEFORMS),
    ActionSpec("picks.phase_p", "P Mode", "Picks", "Space and double-click set a P", "alpha-p-box", checkable=True,
               separated=True, workspace=WAVEFORMS),
    ActionSpec("picks.phase_s", "S Mode", "Picks", "Space and double-click set an S", "alpha-s-box", checkable=True,
               workspace=WAVEFORMS),
    ActionSpec("picks.next", "Next Pick", "Picks", "Select and show the next pick", "chevron-right",
               ("N",), separated=True, workspace=WAVEFORMS),
    ActionSpec("picks.previous", "Previous Pick", "Picks", "Select and show the previous pick", "chevron-left",
               ("Shift+N", "B"), workspace=WAVEFORMS),
    ActionSpec("picks.confirm", "Confirm and Next", "Picks", "Agree with the selected pick and go to the next",
               "check", ("Return", "Enter"), local=True, workspace=WAVEFORMS),
    ActionSpec("picks.reject", "Reject and Next", "Picks", "Disagree with the selected pick and go to the next",
               "close-circle-outline", ("X",), workspace=WAVEFORMS),
    ActionSpec("picks.delete", "Delete Pick", "Picks", "Delete the selected picks", "trash-can-outline",
               ("Del", "Backspace"), workspace=WAVEFORMS),
    ActionSpec("picks.up", "Polarity Up", "Picks", "First motion is up", "arrow-up-bold-outline", ("+", "Ctrl+Up"),
               separated=True, workspace=WAVEFORMS),
    ActionSpec("picks.down", "Polarity Down", "Picks", "First motion is down", "arrow-down-bold-outline",
               ("-", "Ctrl+Down"), workspace=WAVEFORMS),
    ActionSpec("picks.no_polarity", "No Polarity", "Picks", "Forget the first motion", "minus", workspace=WAVEFORMS),
    ActionSpec("picks.uncertainty_1", "Uncertainty ±0.02 s", "Picks", "Read to ±0.02 s", "", ("Shift+1",),
               separated=True, workspace=WAVEFORMS),
    ActionSpec("picks.uncertainty_2", "Uncertainty ±0.05 s", "Picks", "Read to ±0.05 s", "", ("Shift+2",),
               workspace=WAVEFORMS),
    ActionSpec("picks.uncertainty_3", "Uncertainty ±0.1 s", "Picks", "Read to ±0.1 s", "", ("Shift+3",),
               workspace=WAVEFORMS),
    ActionSpec("picks.uncertainty_4", "Uncertainty ±0.2 s", "Picks", "Read to ±0.2 s", "", ("Shift+4",),
               workspace=WAVEFORMS),

    ActionSpec("wavefield.new", "New Scenario…", "Wavefield", "Simulate an earthquake and watch its waves",
               "plus-circle-outline", ("Ctrl+N",)),
    ActionSpec("wavefield.sample", "Open the Sample Scenario", "Wavefield",
               "Replay a scenario that ships with QuakeView",
               "flask-outline"),
    ActionSpec("wavefield.import", "Import Official Arrays…", "Wavefield",
               "Make a scenario of a WaveCastNet array (.npy)", "import"),
    ActionSpec("wavefield.folder", "Open Scenarios Folder", "Wavefield", "Show where simulated scenarios are kept",
               "folder-outline"),
    ActionSpec("wavefield.play", "Play", "Wavefield", "Play and pause", "play", ("Space",), local=True,
               separated=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.next", "Next Frame", "Wavefield", "One frame on", "step-forward", ("Right", "."), local=True,
               workspace=WAVEFIELD),
    ActionSpec("wavefield.previous", "Previous Frame", "Wavefield", "One frame back", "step-backward", ("Left", ","),
               local=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.first", "First Frame", "Wavefield", "To the origin time", "skip-backward", ("Home",),
               local=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.last", "Last Frame", "Wavefield", "To the end; while it is simulated, to the newest frame",
               "skip-forward", ("End",), local=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.x", "Component X", "Wavefield", "Ground velocity along the fault, positive to the south-east",
               "alpha-x", ("X",), checkable=True, separated=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.y", "Component Y", "Wavefield",
               "Ground velocity across the fault, positive to the north-east",
               "alpha-y", ("Y",), checkable=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.z", "Component Z", "Wavefield", "Vertical ground velocity, positive upwards", "alpha-z",
               ("Z",), checkable=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.horizontal", "Horizontal Velocity", "Wavefield",
               "Length of the horizontal ground velocity, whatever its direction", "alpha-h", ("H",), checkable=True,
               workspace=WAVEFIELD),
    ActionSpec("wavefield.pgv", "Beside: PGV", "Wavefield", "Show the peak horizontal velocity beside the waves",
               "map-outline", checkable=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.t_pgv", "Beside: T_PGV", "Wavefield", "Show the time of the peak beside the waves",
               "map-clock-outline", checkable=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.mmi", "Beside: MMI", "Wavefield", "Show the intensity from PGV beside the waves",
               "map-marker-alert-outline", checkable=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.auto_limit", "Automatic Colours", "Wavefield",
               "Choose the limit of the colours from the whole scenario", "palette-outline", ("C",), checkable=True,
               workspace=WAVEFIELD),
    ActionSpec("wavefield.cities", "Cities", "Wavefield", "Show cities on the maps", "city-variant-outline",
               checkable=True, separated=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.stations", "Station Sites", "Wavefield",
               "Show on the maps where virtual seismograms can be taken", "triangle-outline", checkable=True,
               workspace=WAVEFIELD),
    ActionSpec("wavefield.faults", "Fault Names", "Wavefield", "Write the names of faults on the maps", "tag-outline",
               checkable=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.zoom_in", "Zoom In", "Wavefield", "Show half of the map", "magnify-plus-outline",
               ("Ctrl++", "Ctrl+="), workspace=WAVEFIELD),
    ActionSpec("wavefield.zoom_out", "Zoom Out", "Wavefield", "Show twice of the map", "magnify-minus-outline",
               ("Ctrl+-",), workspace=WAVEFIELD),
    ActionSpec("wavefield.all", "Whole Region", "Wavefield", "Show the whole map", "fit-to-page-outline", ("0",),
               workspace=WAVEFIELD),
    ActionSpec("wavefield.clear", "Remove All Points", "Wavefield", "Take the chosen points off map and traces",
               "map-marker-remove-outline", ("Del",), workspace=WAVEFIELD),
    ActionSpec("forecast.run", "Forecast", "Forecast",
               "Forecast the waves of the next 100 s from the input that is chosen", "chart-timeline-variant", ("F5",),
               workspace=WAVEFIELD),
    ActionSpec("forecast.cancel", "Cancel Forecast", "Forecast", "Stop the forecast under way; it is not kept",
               "close-circle-outline", ("Shift+F5",), workspace=WAVEFIELD),
    ActionSpec("forecast.next", "Next Input Window", "Forecast", "Let the input end 2.6 s later", "chevron-right",
               ("]",), separated=True, workspace=WAVEFIELD),
    ActionSpec("forecast.previous", "Previous Input Window", "Forecast", "Let the input end 2.6 s earlier",
               "chevron-left", ("[",), workspace=WAVEFIELD),
    ActionSpec("forecast.live", "Replay as It Happened", "Forecast",
               "Play in real time from the origin time: only what had come is known, and the forecast is refreshed",
               "clock-fast", ("R",), checkable=True, separated=True, workspace=WAVEFIELD),
    ActionSpec("forecast.stations", "Open Stations…", "Forecast",
               "Forecast from records of real stations: MiniSEED with StationXML", "antenna", separated=True),
    ActionSpec("forecast.export", "Export Forecast…", "Forecast",
               "Write the forecast: HDF5, sites, ShakeMap grid or seismograms", "export", workspace=WAVEFIELD),
    ActionSpec("forecast.clear", "Clear Forecast", "Forecast", "Forget the forecasts and show the scenario alone",
               "close", separated=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.film", "Export Animation…", "Wavefield", "Save the map as a film: MP4 or GIF",
               "movie-outline", ("Ctrl+Shift+M",), separated=True, workspace=WAVEFIELD),
    ActionSpec("wavefield.traces", "Export Traces…", "Wavefield",
               "Write traces of points as CSV or MiniSEED, or their PGV and MMI as CSV", "chart-line",
               workspace=WAVEFIELD),
    ActionSpec("wavefield.shakemap", "Export ShakeMap Grid…", "Wavefield", "Write PGV and MMI as ShakeMap grid.xml",
               "grid", workspace=WAVEFIELD),
    ActionSpec("wavefield.waveforms", "Open as Waveforms…", "Wavefield",
               "Save virtual seismograms and open them in the Waveforms workspace", "waveform", workspace=WAVEFIELD),
    ActionSpec("wavefield.close", "All Scenarios", "Wavefield", "Close this scenario and show all there are",
               "view-grid-outline", ("Ctrl+W",), separated=True, workspace=WAVEFIELD),

    ActionSpec("models.import", "Import Checkpoint…", "Models", "Add an official SeisMoLLM checkpoint (.pth)",
               "import"),
    ActionSpec("models.folder", "Open Models Folder", "Models", "Show where imported and trained models are kept",
               "folder-outline"),

    ActionSpec("help.palette", "Command Palette…", "Help", "Find an action by its name", "console-line", ("Ctrl+K",
               ":")),
    ActionSpec("help.shortcuts", "Keyboard Shortcuts", "Help", "All keys on one sheet", "keyboard-outline", ("?",)),
    ActionSpec("help.log", "Open Log Folder", "Help", "Show where the log file is", "file-document-outline"),
    ActionSpec("help.about", "About QuakeView", "Help", "Versions and licence", "information-outline", separated=True),
)
# fmt: on

PRESETS: dict[str, dict[str, tuple[str, ...]]] = {
    "QuakeView": {},
    "Snuffler": {
        "picks.all": ("Ctrl+A",),
        "picks.previous": ("Shift+N",),
        "view.all": ("G",),
        "view.spectrogram": ("Shift+G",),
        "view.full_screen": ("F", "F11"),
        "view.filter": ("Ctrl+F",),
    },
    "scolv": {
        "picks.all": ("R",),
        "view.custom_filter": ("Shift+F", "Ctrl+F"),
        "view.sort_distance": ("Alt+D",),
        "view.sort_name": ("Alt+N",),
    },
    "SAC": {
        "picks.down": ("D", "-"),
        "picks.up": ("U", "+"),
        "view.detrend": ("Shift+D",),
        "view.all": ("O", "0"),
    },
}
"""Keys of other programs, where they differ from ours."""

VIEW_KEYS = (
    (("P", "1", "F1"), "Pick P at the cursor"),
    (("S", "2", "F2"), "Pick S at the cursor"),
    (("Space", "double-click"), "Pick the phase of the mode"),
    (("Left", "Right"), "Pan; with Shift by a screen, with Ctrl the cursor, with Alt the selected pick"),
    (("Ctrl+Shift+Left", "Alt+Shift+Left"), "Ten times as far; to the right as well"),
    (("Up", "Down"), "Choose the trace; with Shift change the gain"),
    (("PgUp", "PgDown"), "Scroll the stations; the wheel does too"),
    (("Home", "End"), "Start and end of the record"),
    (("Ctrl+wheel", "right drag"), "Zoom in time"),
    (("drag",), "Pan; drag the flag of a pick to move it"),
    (("Esc",), "Give up a drag"),
)
"""What the trace view does by itself."""

TABLE_KEYS = ((("Ctrl+C",), "Copy the selected rows"),)
"""What a table does while it has the focus."""

MAP_KEYS = (
    (("click", "Shift+arrows, Return"), "Choose a point: its traces are drawn"),
    (("drag", "Ctrl+arrows"), "Move the map"),
    (("wheel", "+", "-"), "Zoom"),
    (("double-click",), "Whole region"),
)
"""The same of the maps of a wavefield."""


def keys_of(spec: ActionSpec, preset: str) -> tuple[str, ...]:
    """The keys of an action under a preset."""
    return PRESETS.get(preset, {}).get(spec.id, spec.keys)


def shortcut_table(preset: str = "QuakeView") -> str:
    """A Markdown table of every action that has a key, for the documentation."""
    rows = [(keys_of(spec, preset), f"{spec.text.rstrip('…')}: {spec.tip}") for spec in ACTIONS]
    lines = [
        f"| {' or '.join(f'`{key}`' for key in keys)} | {text} |"
        for keys, text in (*rows, *VIEW_KEYS, *TABLE_KEYS, *MAP_KEYS)
        if keys
    ]
    return "\n".join(["| Keys | What they do |", "| --- | --- |", *lines])


@dataclass
class _Bound:
    action: QAction
    spec: ActionSpec
    enabled: Callable[[], bool | str] = field(default=lambda: False)
    answer: bool | str | None = None


_SIGNS = {"Shift+1": "!", "Shift+2": "@", "Shift+3": "#", "Shift+4": "$"}
"""What some keyboards, input methods and remote desktops say instead."""


def _sequences(keys: Iterable[str]) -> list[QKeySequence]:
    """The keys, with the other names of some of them."""
    signs = [name for key in keys if (sign := _SIGNS.get(key)) for name in (sign, f"Shift+{sign}")]
    return [QKeySequence(key) for key in (*keys, *signs)]


class _Action(QAction):
    """Takes a key that fits two of its own: Shift+1 is ``Shift+1`` and, on many keyboards, ``!``.

    Qt would call that ambiguous and do nothing. No two actions share a key, which a test makes sure of.
    """

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QShortcutEvent) and event.isAmbiguous():
            self.trigger()
            return True
        return super().event(event)


class ActionRegistry(QObject):
    """The actions as ``QAction``s. Whoever can do one binds it; what nobody has bound stays disabled."""

    def __init__(self, parent: QWidget, preset: str = "QuakeView") -> None:
        super().__init__(parent)
        self._bound: dict[str, _Bound] = {}
        self._workspace = ""
        for spec in ACTIONS:
            action = _Action(spec.text, parent)
            action.setObjectName(spec.id)
            action.setCheckable(spec.checkable)
            action.setEnabled(False)
            if spec.local:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            else:
                parent.addAction(action)
            self._bound[spec.id] = _Bound(action, spec)
        self.set_preset(preset)
        self.refresh_icons()

    def __getitem__(self, action_id: str) -> QAction:
        return self._bound[action_id].action

    def __iter__(self) -> Iterator[tuple[ActionSpec, QAction]]:
        return ((bound.spec, bound.action) for bound in self._bound.values())

    def bind(
        self, action_id: str, callback: Callable[..., object], enabled: Callable[[], bool | str] = lambda: True
    ) -> QAction:
        """Do ``callback()`` (``callback(checked)`` if checkable) when the action is triggered.

        Args:
            enabled: asked by ``refresh``. A text means no, and says why in the tool tip.
        """
        bound = self._bound[action_id]
        bound.enabled = enabled
        if bound.spec.checkable:
            bound.action.triggered.connect(lambda checked=False: callback(checked))
        else:
            bound.action.triggered.connect(lambda: callback())
        self._refresh(bound)
        return bound.action

    def set_workspace(self, workspace: str) -> None:
        """The workspace now in front; the actions of the others are disabled, so that no key reaches what is hidden."""
        self._workspace = workspace
        self.refresh()

    def refresh(self) -> None:
        """Ask every bound action whether it makes sense now."""
        for bound in self._bound.values():
            self._refresh(bound)

    def set_preset(self, preset: str) -> None:
        """Use the keys of ``QuakeView``, ``Snuffler``, ``scolv`` or ``SAC``."""
        self.preset = preset
        for bound in self._bound.values():
            bound.action.setShortcuts(_sequences(keys_of(bound.spec, preset)))
            bound.answer = None
        self.refresh()

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the theme now on screen."""
        colors = theme.current()
        tints = {"picks.phase_p": colors.p, "picks.phase_s": colors.s}
        for bound in self._bound.values():
            if bound.spec.icon:
                bound.action.setIcon(theme.icon(bound.spec.icon, tints.get(bound.spec.id)))

    def _refresh(self, bound: _Bound) -> None:
        home = bound.spec.workspace
        answer = bound.enabled() if home in ("", self._workspace) else f"Only in the {self[home].text()} workspace."
        if answer == bound.answer:
            return
        bound.answer = answer
        bound.action.setEnabled(answer is True)
        self._describe(bound, answer if isinstance(answer, str) else "")

    def _describe(self, bound: _Bound, why_not: str) -> None:
        keys = bound.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        title = bound.spec.text.rstrip("…") + (f" ({keys})" if keys else "")
        bound.action.setToolTip("\n".join(line for line in (title, bound.spec.tip, why_not) if line))
        bound.action.setStatusTip(why_not or bound.spec.tip)
