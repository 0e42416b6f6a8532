"""The Waveforms workspace: seismograms, their picks, and what the picker made of them."""
