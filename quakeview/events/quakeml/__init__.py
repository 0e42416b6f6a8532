"""Earthquakes as ``obspy.core.event`` (QuakeML) has them.

``from_obspy(source)`` gives an ``Event``, its picks, and sentences about what is wrong; ``to_obspy(event, picks)``
makes a new ObsPy event; ``update(target, event)`` writes what was changed into one that was read, which keeps all
that QuakeView has no word for (other origins, focal mechanisms, other amplitudes ...).
"""

from quakeview.events.quakeml.reading import from_obspy
from quakeview.events.quakeml.writing import to_obspy, update

__all__ = ["from_obspy", "to_obspy", "update"]
