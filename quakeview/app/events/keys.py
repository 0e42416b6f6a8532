"""What map, sections and plots do with keys and mouse, for the list of keys; nothing slow is imported here."""

MAP_KEYS = (
    (("click", "Shift+arrows"), "Select an earthquake; with Ctrl held down a click adds to the selection"),
    (("Shift+drag", "Ctrl+A"), "Add the earthquakes in a rectangle, or all, to the selection"),
    (("double-click", "Return"), "Open the earthquake"),
    (("Ctrl+arrows",), "From station to station; Return chooses it, as a click does"),
    (("drag", "Left"), "Move the map; the other arrows too"),
    (("wheel", "+", "-"), "Zoom"),
    (("Home", "Shift+Home"), "Show everything, or the selected earthquakes"),
    (("Esc",), "Select nothing"),
)
PLOT_KEYS = (
    (("click", "Shift+Left", "Shift+Right"), "Point at a pick; a click, or Return, chooses it"),
    (("wheel", "+", "-"), "Zoom"),
    (("drag", "Left", "Right"), "Move the plot"),
    (("double-click", "Home"), "Show everything"),
)
