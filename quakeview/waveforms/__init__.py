"""Seismograms in: files, archives, three-component assembly, filters, min/max pyramid."""
