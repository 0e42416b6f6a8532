"""Forecasts of seismicity from a catalogue: reference forecasts, HierarchicalQuake, and what they are worth."""
