"""Films, seismograms, grids and figures that are written from the window."""
