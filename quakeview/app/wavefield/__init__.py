"""The Wavefield workspace: maps, playback and panels of a scenario."""
