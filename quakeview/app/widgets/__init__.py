"""Pieces of which windows are made that know nothing of earthquakes."""
