"""Wavefields: scenario files, how they are made, what is measured on them."""
