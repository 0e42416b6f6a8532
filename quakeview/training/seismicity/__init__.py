"""Training of networks that forecast seismicity."""
