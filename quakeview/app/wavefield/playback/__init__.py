"""Frames against the clock: the player, its bar, and the maps that show what is played."""
