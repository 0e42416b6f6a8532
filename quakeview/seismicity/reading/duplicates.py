"""Events that are reported more than once, in one file or in several."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from quakeview.seismicity.reading.rows import Floats, Rows

Chosen = NDArray[np.bool_]

EARTH_RADIUS = 6371e3
"""m."""
_TIME, _DISTANCE, _MAGNITUDE = 10.0, 60e3, 1.5
"""s and m within which two lists locate the same earthquake, and how far their magnitudes differ at most."""
_TWIN_TIME, _TWIN_DISTANCE = 0.5, 2e3
_UPDATED = 600.0
"""s by which an update of an event changes its time at most."""


def repeated(rows: Rows) -> Chosen:
    """Return which rows, (n,), come again later in the same file: with the same identifier, or with all the same
    values."""
    same_values = _again(
        np.round(rows.time, 2),
        np.round(rows.latitude, 4),
        np.round(rows.longitude, 4),
        np.nan_to_num(np.round(rows.magnitude, 2), nan=-99),
    )
    names, name = np.unique(rows.identifier, return_inverse=True)
    if 2 * len(names) < len(rows):  # what is called an identifier tells no events apart
        return same_values
    order = np.lexsort((np.arange(len(rows)), rows.time, name))
    follows = np.zeros(len(rows), bool)
    close = np.diff(name[order]) == 0
    close &= (np.diff(rows.time[order]) < _UPDATED) & (rows.identifier[order][1:] != "")
    follows[order[:-1]] = close
    return same_values | follows


def twins(rows: Rows) -> int:
    """Return how many rows follow another within 0.5 s and 2 km: probably the same earthquake, located twice."""
    order = np.argsort(rows.time, kind="stable")
    north, east = np.radians(rows.latitude[order]), np.radians(rows.longitude[order])
    apart = (np.diff(east) + np.pi) % (2 * np.pi) - np.pi
    distance = EARTH_RADIUS * np.hypot(np.diff(north), apart * np.cos(north[1:]))
    return int(np.sum((np.diff(rows.time[order]) <= _TWIN_TIME) & (distance <= _TWIN_DISTANCE)))


def _again(*columns: Floats) -> Chosen:
    order = np.lexsort((np.arange(len(columns[0])), *columns))
    same = np.ones(max(len(order) - 1, 0), bool)
    for column in columns:
        same &= np.diff(column[order]) == 0
    again = np.zeros(len(order), bool)
    again[order[:-1]] = same
    return again


def also_in(rows: Rows, known: Rows) -> Chosen:
    """Return which rows, (n,), are events of a catalogue that was read before.

    Each event is paired with the closest one there, in time over 10 s and distance over 60 km, if each is the closest
    to the other and their magnitudes, where both are known, are within 1.5.
    """
    found = np.zeros(len(rows), bool)
    if not len(rows) or not len(known):
        return found
    ours, theirs = cKDTree(_scaled(rows)), cKDTree(_scaled(known))
    distance, nearest = theirs.query(_scaled(rows), distance_upper_bound=1.0)
    candidates = np.flatnonzero(np.isfinite(distance))
    _, back = ours.query(_scaled(known)[nearest[candidates]])
    mutual = candidates[back == candidates]
    difference = np.abs(rows.magnitude[mutual] - known.magnitude[nearest[mutual]])
    found[mutual] = ~(difference > _MAGNITUDE)
    return found


def _scaled(rows: Rows) -> Floats:
    """(n, 4) times and places such that what is closer than 1 can be the same earthquake."""
    north, east = np.radians(rows.latitude), np.radians(rows.longitude)
    place = np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
    return np.column_stack([rows.time / _TIME, place * EARTH_RADIUS / _DISTANCE])
