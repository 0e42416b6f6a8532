"""Catalogues of earthquakes from files and data centres.

::

    read = read_catalogue("catalogue.csv")        # ReadCatalogue(catalogue, name, notes)
    read_catalogue(["a.csv", "b.csv"], ColumnMap.parse("time=origin,latitude=y,longitude=x,zone=+9"))
    catalogue, notes = catalogue_of_events(book.events)             # what was located here
    write_catalogue(catalogue, "catalogue.xml")                     # .csv, .xml, .zmap or .csep
"""

from quakeview.seismicity.reading.catalogue_files import ReadCatalogue, read_catalogue
from quakeview.seismicity.reading.columns import ColumnMap
from quakeview.seismicity.reading.formats import table_of
from quakeview.seismicity.reading.own_events import catalogue_of_events
from quakeview.seismicity.reading.table_rows import UnknownColumns
from quakeview.seismicity.reading.trial import Trial, try_columns
from quakeview.seismicity.reading.writing import write_catalogue

__all__ = [
    "ColumnMap",
    "ReadCatalogue",
    "Trial",
    "UnknownColumns",
    "catalogue_of_events",
    "read_catalogue",
    "table_of",
    "try_columns",
    "write_catalogue",
]
