"""The keys of scolv, SeisComP's origin locator, and of its picker."""

from quakeview.app.keys.preset import Absent, Preset

SCOLV = Preset(
    "scolv",
    {
        "picks.phase_p": ("1", "F1"),
        "picks.phase_s": ("2", "F2"),
        **{f"picks.mode_{number}": (f"{number}",) for number in range(3, 10)},
        "traces.pick": ("Space",),
        "traces.pick_next": ("Return", "Enter"),
        "traces.pick_p": ("Shift+F1",),
        "traces.pick_s": ("Shift+F2",),
        **{f"picks.pick_{number}": (f"Shift+F{number}",) for number in range(3, 10)},
        "traces.fit": ("S",),
        "view.picker": ("P", "Q"),
        "picks.confirm": ("Ctrl+Return", "Ctrl+Enter"),
        "picks.reject": ("Ctrl+X",),
        "picks.station": ("R", "Shift+A"),
        "events.review": ("Alt+R",),
        "events.relocate": ("F5", "L"),
        "view.next_filter": ("G", "Ctrl+Shift+F"),
        "view.previous_filter": ("D", "Ctrl+Alt+F"),
        "view.spectrogram": ("Shift+G",),
        "view.detrend": ("Shift+D",),
        "view.zoom_pick": ("Shift+Z",),
        "view.hide_station": ("X", "H"),
        "view.vertical_only": ("Z", "V"),
        "view.theory": ("Ctrl+T",),
        "view.align_origin": ("Ctrl+0",),
        "view.align_p": ("Ctrl+1", "Shift+P"),
        "view.align_s": ("Ctrl+2", "Shift+S"),
        "view.align_theory_p": ("Ctrl+Shift+1",),
        "view.readable_stations": ("=",),
        "view.waveforms": ("Alt+1",),
        "view.wavefield": ("Alt+2",),
        "view.models": ("Alt+3",),
        "view.zoom_in": (">", "Ctrl++", "Ctrl+="),
        "view.zoom_out": ("<", "Ctrl+-"),
        "view.sort_distance": ("Alt+D",),
        "view.sort_name": ("Alt+N",),
        "help.guide": ("Ctrl+F1",),
    },
    (
        Absent(
            "N, E", "shows the north or the east component", "All three stand below each other; Z leaves the vertical."
        ),
        Absent("T", "shows three components", "Z shows them again; P shows those of one station large."),
        Absent("Esc", "leaves the mode of picking", "Nothing is picked until Space or Return is pressed."),
        Absent("M", "shows the magnitudes", "They are in the table of events; M shows the map."),
        Absent("Ctrl+S", "shows the spectrum", "U shows it; Ctrl+S saves the project."),
    ),
)
