"""Forecasts in the Seismicity workspace: which forecaster, its map day by day, what it was worth, files."""
