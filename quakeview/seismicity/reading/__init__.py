"""Catalogues of earthquakes from files and data centres.

::

    read = read_catalogue("catalogue.csv")        # ReadCatalogue(catalogue, name, notes)
    read_catalogue(["a.csv", "b.csv"], ColumnMap.parse("time=origin,latitude=y,longitude=x,zone=+9"))
"""

from quakeview.seismicity.reading.catalogue_files import ReadCatalogue, read_catalogue
from quakeview.seismicity.reading.columns import ColumnMap

__all__ = ["ColumnMap", "ReadCatalogue", "read_catalogue"]
