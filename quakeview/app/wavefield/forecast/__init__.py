"""Forecasts of what is open: making them, their actions, and the strip above the maps."""
