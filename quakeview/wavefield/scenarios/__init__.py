"""Scenario files: simulated, summed or imported earthquakes, and how they are made."""
