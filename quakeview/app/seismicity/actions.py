"""The actions of the Seismicity workspace."""

from quakeview.app.shell.action_spec import ActionSpec, WorkspaceActions

SEISMICITY = "view.seismicity"

# fmt: off
_SHOW = ActionSpec(SEISMICITY, "Seismicity", "View", "Catalogues of earthquakes, and forecasts from them",
                   "chart-bubble", ("Ctrl+3",), checkable=True)

_ACTIONS = (
    ActionSpec("seismicity.open", "Open a Catalogue…", "Seismicity",
               "Earthquakes from CSV, QuakeML, ComCat, ISC, JMA, ZMAP or hypoDD files", "folder-open-outline",
               ("Ctrl+Alt+O",)),
    ActionSpec("seismicity.sample", "Try the Sample Catalogue", "Seismicity",
               "Open the simulated catalogue that comes with QuakeView; it needs no data", "flask-outline"),
    ActionSpec("seismicity.download", "Download Events…", "Seismicity",
               "Ask a data centre for the earthquakes of a region", "download-outline"),
    ActionSpec("seismicity.columns", "Columns of the Catalogue…", "Seismicity",
               "Say which column of the file is what, and read it again", "table-column", workspace=SEISMICITY),
    ActionSpec("seismicity.close", "Close Catalogue", "Seismicity", "Take the catalogue out of the list", "close",
               workspace=SEISMICITY),
    ActionSpec("seismicity.box", "Draw a Box", "Seismicity", "Choose a region: drag from corner to corner on the map",
               "selection-drag", separated=True, checkable=True, workspace=SEISMICITY),
    ActionSpec("seismicity.polygon", "Draw a Polygon", "Seismicity",
               "Choose a region: click its corners on the map; a double-click or Enter ends it",
               "vector-polygon", checkable=True, workspace=SEISMICITY),
    ActionSpec("seismicity.type_region", "Type a Region…", "Seismicity",
               "Choose a region by the latitudes and longitudes of its corners", "form-textbox", workspace=SEISMICITY),
    ActionSpec("seismicity.no_region", "No Region", "Seismicity", "Forget the region", "selection-off",
               workspace=SEISMICITY),
    ActionSpec("seismicity.area", "Forecast in the Region Only", "Seismicity",
               "Make cells in the region alone; unchecked: wherever the catalogue has earthquakes", "grid",
               checkable=True, workspace=SEISMICITY),
    ActionSpec("seismicity.play", "Play the Days", "Seismicity", "Go through the days of the forecast; pause", "play",
               ("Space",), local=True, separated=True, workspace=SEISMICITY),
    ActionSpec("seismicity.next_day", "Next Day", "Seismicity", "The forecast of the day after", "step-forward", (".",),
               local=True, workspace=SEISMICITY),
    ActionSpec("seismicity.previous_day", "Previous Day", "Seismicity", "The forecast of the day before",
               "step-backward", (",",), local=True, workspace=SEISMICITY),
    ActionSpec("seismicity.tomorrow", "Tomorrow", "Seismicity",
               "The forecast after the last day that the catalogue knows", "skip-next", ("End",), local=True,
               workspace=SEISMICITY),
    ActionSpec("seismicity.export_forecast", "Export the Forecast…", "Seismicity",
               "Write the map of the day as GeoTIFF, GeoJSON, CSV, for CSEP or as a figure, or many days as a film",
               "export-variant", workspace=SEISMICITY),
)
# fmt: on

ACTIONS = WorkspaceActions(_SHOW, _ACTIONS, ("Seismicity",))
