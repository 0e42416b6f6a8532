"""The Seismicity workspace: catalogues, and forecasts from them."""
