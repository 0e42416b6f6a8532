"""Synthetic three-component seismograms of local and regional earthquakes, made to train on."""
