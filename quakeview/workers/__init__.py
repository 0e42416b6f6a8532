"""Pieces of work that others do: processes of this computer, or the workers of a cluster."""
