"""QuakeView: from raw seismograms to a shaking forecast on one screen."""

__version__ = "0.1.0"
