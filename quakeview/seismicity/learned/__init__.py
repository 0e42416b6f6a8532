"""Forecasts of seismicity by networks that learn what a reference forecast leaves out."""
