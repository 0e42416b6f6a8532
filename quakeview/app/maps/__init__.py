"""The map that workspaces share: a region with its shorelines, faults and places, and values on it."""
