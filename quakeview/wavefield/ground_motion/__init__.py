"""How strongly the ground moves: peaks, intensity, durations, attenuation with distance."""
