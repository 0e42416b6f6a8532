"""The user's own sites, from a table."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from quakeview.errors import QuakeViewError
from quakeview.geography import City
from quakeview.simulation.region import Region

OWN_RANK = 9
"""Population rank of the user's own sites: behind every city."""
_PLACES = (("lon", "lat"), ("x_km", "y_km"))
_DELIMITERS = ",;\t"


@dataclass(frozen=True)
class SiteFile:
    """What a table of sites held.

    Attributes:
        sites: in the order of the file.
        left_out: a sentence for each site outside the region.
    """

    sites: tuple[City, ...]
    left_out: tuple[str, ...] = ()


def read_sites(path: Path, region: Region) -> SiteFile:
    """Sites of a CSV or TSV file whose first line has ``name,lon,lat`` (degrees) or ``name,x_km,y_km``.

    Columns may come in any order and others are ignored; commas, semicolons or tabs are between them.

    Raises:
        QuakeViewError: for a file that cannot be read or is no such table, a line that says no place, a name that
            comes twice, and if no site is inside the region.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        first = next(iter(text.splitlines()), "")
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first.count), strict=True)
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(map(str.strip, row))]
    except OSError as error:
        raise QuakeViewError(f"{path} could not be read ({error.strerror}); choose another file.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise QuakeViewError(f"{path.name} is not a table of sites; save it as CSV in UTF-8.") from error
    columns, place = _columns(path, rows[0][1] if rows else [])
    sites: dict[str, City] = {}
    left_out: list[str] = []
    for line, row in rows[1:]:
        try:
            site = _site(row, columns, place, region)
        except ValueError as error:
            raise QuakeViewError(f"{path.name}, line {line}: {error}; correct the line or remove it.") from error
        if site.name in sites:
            raise QuakeViewError(f"{path.name}, line {line}: {site.name} comes twice; give each site its own name.")
        if region.contains(site.x, site.y):
            sites[site.name] = site
        else:
            left_out.append(f"{site.name} (line {line}) is outside the region and was left out.")
    if not sites:
        raise QuakeViewError(f"{path.name} has no site inside {region.name}; choose another file or region.")
    return SiteFile(tuple(sites.values()), tuple(left_out))


def _columns(path: Path, head: list[str]) -> tuple[dict[str, int], tuple[str, str]]:
    """Where the columns are, and which two say the place."""
    columns = {name.lower(): number for number, name in enumerate(head)}
    for place in _PLACES:
        if {"name", *place} <= columns.keys():
            return columns, place
    raise QuakeViewError(f"{path.name} is not a table of sites; its first line must be name,lon,lat or name,x_km,y_km.")


def _site(row: list[str], columns: dict[str, int], place: tuple[str, str], region: Region) -> City:
    """Raises ValueError: says what is wrong with the row."""
    if max(columns[name] for name in ("name", *place)) >= len(row):
        raise ValueError("there are too few columns")
    name = row[columns["name"]]
    if not name:
        raise ValueError("the name is missing")
    first, second = (_number(row[columns[column]], column) for column in place)
    if place == _PLACES[1]:
        return City(name, 1000 * first, 1000 * second, OWN_RANK)
    if not (abs(first) <= 180 and abs(second) <= 90):
        raise ValueError(f"{first:g}° east, {second:g}° north is not on the Earth")
    x, y = region.to_local(first, second)
    return City(name, float(x), float(y), OWN_RANK)


def _number(text: str, column: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise ValueError(f"{column} “{text}” is no number")
    return value
