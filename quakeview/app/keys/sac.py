"""The keys of SAC's ``plotpk``."""

from quakeview.app.keys.preset import Absent, Preset

SAC = Preset(
    "SAC",
    {
        "traces.pick_p": ("P", "A", "T, 1"),
        "traces.pick_s": ("S", "T, 2"),
        "traces.pick": ("Ctrl+Space",),
        "traces.zoom_between": ("X",),
        "traces.zoom_back": ("O",),
        "traces.stations_down": ("N", "PgDown"),
        "traces.stations_up": ("B", "PgUp"),
        "picks.up": ("U", "+", "Ctrl+Up"),
        "picks.down": ("D", "-", "Ctrl+Down"),
        "picks.no_polarity": ("Space",),
        "picks.weight_0": ("0", "Shift+1"),
        "picks.weight_1": ("1", "Shift+2"),
        "picks.weight_2": ("2", "Shift+3"),
        "picks.weight_3": ("3", "Shift+4"),
        "picks.weight_4": ("4", "Shift+5"),
        **{f"picks.pick_{number}": (f"T, {number}",) for number in range(3, 10)},
        "picks.next": ("Shift+N",),
        "picks.previous": ("Shift+B",),
        "picks.reject": ("Ctrl+X",),
        "picks.all": ("Ctrl+P",),
        "picks.station": ("C", "Shift+A"),
        "events.open": ("Alt+O",),
        "events.relocate": ("Ctrl+L",),
        "events.amplitude": ("M", "Ctrl+Shift+A"),
        "view.all": ("Ctrl+Home",),
        "view.map": ("Ctrl+M",),
        "view.common_scale": ("Shift+C",),
        "view.detrend": ("Shift+D",),
        "view.theory": ("Ctrl+T",),
        "view.spectrum": ("Shift+U",),
    },
    (
        Absent(
            "d, u, 0 to 4", "are pressed before p or s", "Press them after: they are for the pick that is selected."
        ),
        Absent("f", "picks the end of the event", "There is no such pick; F switches the filter."),
        Absent("l", "prints time and amplitude of the cursor", "The status bar always shows them."),
        Absent("v, w", "measure a waveform", "M reads the amplitude for the magnitude."),
        Absent("g, h", "write picks in HYPO format", "Export Picks (Ctrl+E) writes them to a file."),
        Absent("j, z", "set the levels of noise and zero", "D with Shift takes mean and trend off."),
        Absent("q", "leaves plotpk", "Every pick is saved at once; Ctrl+Q leaves QuakeView."),
    ),
)
