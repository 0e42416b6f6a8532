"""How earthquakes are seen: the map with sections in depth, and plots of a single one."""
