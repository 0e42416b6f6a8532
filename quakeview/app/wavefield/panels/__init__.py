"""The panels below the maps."""
