"""Data sets, one training engine for every system, run folders, evaluation."""
