"""Every action of the window, once: name, icon, keys, tip.

Menus, tool bars, command palette, shortcut sheet and the documentation read it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from quakeview.app import theme


@dataclass(frozen=True)
class ActionSpec:
    """What is known of an action before there is a window.

    Attributes:
        keys: portable key sequences, the first one is shown.
        local: the keys work only in the widgets the action is added to (Return and Space mean other things elsewhere).
        separated: a line above it in its menu.
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


CATEGORIES = ("File", "Edit", "View", "Picks", "Models", "Help")

# fmt: off
ACTIONS = (
    ActionSpec("file.open", "Open Files…", "File", "Open waveforms, picks, events, station metadata or a project",
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
    ActionSpec("file.picture", "Export Picture…", "File", "Save what the trace view shows as PNG or SVG",
               "image-outline", ("Ctrl+Shift+E",)),
    ActionSpec("file.close", "Close Session", "File", "Close all files; the picks stay in the saved project",
               "close", ("Ctrl+W",), separated=True),
    ActionSpec("file.quit", "Quit", "File", "Leave QuakeView; the session comes back at the next start",
               "", ("Ctrl+Q",)),

    ActionSpec("edit.undo", "Undo", "Edit", "Take back the last change of picks", "undo", ("Ctrl+Z",)),
    ActionSpec("edit.redo", "Redo", "Edit", "Repeat what was taken back", "redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    ActionSpec("edit.preferences", "Preferences…", "Edit", "Theme, keys, device, model and thresholds",
               "cog-outline", ("Ctrl+,",), separated=True),

    ActionSpec("view.waveforms", "Waveforms", "View", "Seismograms and picks", "waveform", ("Ctrl+1",), checkable=True),
    ActionSpec("view.models", "Models", "View", "The models that can be used, and how good they are", "brain",
               ("Ctrl+2",),
               checkable=True),
    ActionSpec("view.filter", "Filter On/Off", "View", "Switch the filter off and on again", "filter-outline", ("F",),
               checkable=True, separated=True),
    ActionSpec("view.custom_filter", "Custom Filter…", "View", "Choose the corner frequencies", "tune-vertical",
               ("Shift+F",)),
    ActionSpec("view.detrend", "Detrend", "View", "Remove the mean and the linear trend of everything shown",
               "trending-neutral", ("D",), checkable=True),
    ActionSpec("view.common_scale", "Common Scale", "View",
               "One amplitude scale for all traces instead of one for each",
               "arrow-expand-vertical", ("C",), checkable=True),
    ActionSpec("view.sort_name", "Sort by Name", "View", "Network, station, location, channel",
               "sort-alphabetical-ascending", checkable=True, separated=True),
    ActionSpec("view.sort_distance", "Sort by Distance", "View",
               "Epicentral distance if an event and coordinates are open, else S−P time, else first P",
               "map-marker-distance", checkable=True),
    ActionSpec("view.zoom_in", "Zoom In", "View", "Show half of the time", "magnify-plus-outline", ("Ctrl++", "Ctrl+="),
               separated=True),
    ActionSpec("view.zoom_out", "Zoom Out", "View", "Show twice the time", "magnify-minus-outline", ("Ctrl+-",)),
    ActionSpec("view.all", "Whole Record", "View", "Show the whole record", "fit-to-page-outline", ("0",)),
    ActionSpec("view.spectrogram", "Spectrogram", "View", "Spectrogram of the selected trace", "gradient-vertical",
               ("G",)),
    ActionSpec("view.jobs", "Jobs", "View", "Work in the background: progress, log, cancel", "progress-clock",
               ("Ctrl+J",),
               checkable=True, separated=True),
    ActionSpec("view.full_screen", "Full Screen", "View", "Only QuakeView", "fullscreen", ("F11",), checkable=True),

    ActionSpec("picks.all", "Pick All", "Picks", "Find P and S at every station with the chosen model", "auto-fix",
               ("A",)),
    ActionSpec("picks.station", "Pick Station", "Picks", "Find P and S at the selected station", "target",
               ("Shift+A",)),
    ActionSpec("picks.phase_p", "P Mode", "Picks", "Space and double-click set a P", "alpha-p-box", checkable=True,
               separated=True),
    ActionSpec("picks.phase_s", "S Mode", "Picks", "Space and double-click set an S", "alpha-s-box", checkable=True),
    ActionSpec("picks.next", "Next Pick", "Picks", "Select and show the next pick", "chevron-right",
               ("N",), separated=True),
    ActionSpec("picks.previous", "Previous Pick", "Picks", "Select and show the previous pick", "chevron-left",
               ("Shift+N", "B")),
    ActionSpec("picks.confirm", "Confirm and Next", "Picks", "Agree with the selected pick and go to the next",
               "check", ("Return", "Enter"), local=True),
    ActionSpec("picks.reject", "Reject and Next", "Picks", "Disagree with the selected pick and go to the next",
               "close-circle-outline", ("X",)),
    ActionSpec("picks.delete", "Delete Pick", "Picks", "Delete the selected picks", "trash-can-outline",
               ("Del", "Backspace")),
    ActionSpec("picks.up", "Polarity Up", "Picks", "First motion is up", "arrow-up-bold-outline", ("+", "Ctrl+Up"),
               separated=True),
    ActionSpec("picks.down", "Polarity Down", "Picks", "First motion is down", "arrow-down-bold-outline",
               ("-", "Ctrl+Down")),
    ActionSpec("picks.no_polarity", "No Polarity", "Picks", "Forget the first motion", "minus"),
    ActionSpec("picks.uncertainty_1", "Uncertainty ±0.02 s", "Picks", "Read to ±0.02 s", "", ("Shift+1",
               "!"), separated=True),
    ActionSpec("picks.uncertainty_2", "Uncertainty ±0.05 s", "Picks", "Read to ±0.05 s", "", ("Shift+2",)),
    ActionSpec("picks.uncertainty_3", "Uncertainty ±0.1 s", "Picks", "Read to ±0.1 s", "", ("Shift+3",)),
    ActionSpec("picks.uncertainty_4", "Uncertainty ±0.2 s", "Picks", "Read to ±0.2 s", "", ("Shift+4",)),

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
    (("Up", "Down"), "Choose the trace; with Shift change the gain"),
    (("PgUp", "PgDown"), "Scroll the stations; the wheel does too"),
    (("[", "]"), "Show fewer or more stations"),
    (("Home", "End"), "Start and end of the record"),
    (("Ctrl+wheel", "right drag"), "Zoom in time"),
    (("drag",), "Pan; drag the flag of a pick to move it"),
)
"""What the trace view does by itself while it has the focus."""


def keys_of(spec: ActionSpec, preset: str) -> tuple[str, ...]:
    """The keys of an action under a preset."""
    return PRESETS.get(preset, {}).get(spec.id, spec.keys)


def shortcut_table(preset: str = "QuakeView") -> str:
    """A Markdown table of every action that has a key, for the documentation."""
    rows = [(keys_of(spec, preset), f"{spec.text.rstrip('…')}: {spec.tip}") for spec in ACTIONS]
    lines = [f"| {' or '.join(f'`{key}`' for key in keys)} | {text} |" for keys, text in (*rows, *VIEW_KEYS) if keys]
    return "\n".join(["| Keys | What they do |", "| --- | --- |", *lines])


@dataclass
class _Bound:
    action: QAction
    spec: ActionSpec
    enabled: Callable[[], bool | str] = field(default=lambda: False)


class ActionRegistry(QObject):
    """The actions as ``QAction``s. Whoever can do one binds it; what nobody has bound stays disabled."""

    def __init__(self, parent: QWidget, preset: str = "QuakeView") -> None:
        super().__init__(parent)
        self._bound: dict[str, _Bound] = {}
        for spec in ACTIONS:
            action = QAction(spec.text, parent)
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

    def refresh(self) -> None:
        """Ask every bound action whether it makes sense now."""
        for bound in self._bound.values():
            self._refresh(bound)

    def set_preset(self, preset: str) -> None:
        """Use the keys of ``QuakeView``, ``Snuffler``, ``scolv`` or ``SAC``."""
        for bound in self._bound.values():
            bound.action.setShortcuts([QKeySequence(key) for key in keys_of(bound.spec, preset)])
            self._describe(bound, "")
        self.refresh()

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of the theme now on screen."""
        colors = theme.current()
        tints = {"picks.phase_p": colors.p, "picks.phase_s": colors.s}
        for bound in self._bound.values():
            if bound.spec.icon:
                bound.action.setIcon(theme.icon(bound.spec.icon, tints.get(bound.spec.id)))

    def _refresh(self, bound: _Bound) -> None:
        answer = bound.enabled()
        bound.action.setEnabled(answer is True)
        self._describe(bound, answer if isinstance(answer, str) else "")

    def _describe(self, bound: _Bound, why_not: str) -> None:
        keys = bound.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        title = bound.spec.text.rstrip("…") + (f" ({keys})" if keys else "")
        bound.action.setToolTip("\n".join(line for line in (title, bound.spec.tip, why_not) if line))
        bound.action.setStatusTip(why_not or bound.spec.tip)
