"""Synthetic seismograms and wave propagation."""
