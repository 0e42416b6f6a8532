"""The actions of the window itself: before and after those of the workspaces in each menu."""

from quakeview.app.shell.action_spec import ActionSpec

# fmt: off
FIRST = (
    ActionSpec("file.open", "Open Files…", "File", "Open waveforms, picks, events, stations, a project or a scenario",
               "folder-open-outline", ("Ctrl+O",)),
    ActionSpec("file.open_folder", "Open Folder…", "File",
               "Open every waveform file in a folder, an SDS archive included",
               "folder-outline", ("Ctrl+Shift+O",)),
)

LAST = (
    ActionSpec("file.picture", "Export Picture…", "File", "Save the traces or the map as PNG or SVG",
               "image-outline", ("Ctrl+Shift+E",), separated=True),
    ActionSpec("file.quit", "Quit", "File", "Leave QuakeView; the session comes back at the next start",
               "", ("Ctrl+Q",)),
    ActionSpec("edit.preferences", "Preferences…", "Edit", "Theme, keys, device, model and thresholds",
               "cog-outline", ("Ctrl+,",), separated=True),
    ActionSpec("edit.keys", "Keys…", "Edit", "Choose the keys of every action", "keyboard-settings-outline",
               ("Ctrl+Alt+K",)),
    ActionSpec("view.jobs", "Jobs", "View", "Work in the background: progress, log, cancel", "progress-clock",
               ("Ctrl+J",),
               checkable=True, separated=True),
    ActionSpec("view.full_screen", "Full Screen", "View", "Only QuakeView", "fullscreen", ("F11",), checkable=True),
    ActionSpec("help.guide", "User's Guide", "Help", "Read about the workspace in front, or search all pages",
               "book-open-variant", ("F1",)),
    ActionSpec("help.palette", "Command Palette…", "Help", "Find an action by its name", "console-line", ("Ctrl+K",
               ":")),
    ActionSpec("help.shortcuts", "Keyboard Shortcuts", "Help", "All keys on one sheet", "keyboard-outline", ("?",)),
    ActionSpec("help.log", "Open Log Folder", "Help", "Show where the log file is", "file-document-outline"),
    ActionSpec("help.about", "About QuakeView", "Help", "Versions and licence", "information-outline", separated=True),
)
# fmt: on

GUIDE_KEYS = (
    (("Alt+Left", "Alt+Right"), "The page before, and back again"),
    (("Ctrl+F",), "Search all pages"),
    (("Return", "Shift+Return"), "While searching: the next place, the one before"),
    (("Esc",), "Close the guide"),
)
"""What the window of the guide does."""
TABLE_KEYS = ((("Ctrl+C",), "Copy the selected rows"),)
"""What a table does while it has the focus."""
