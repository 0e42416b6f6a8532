"""Station metadata: inventories as files hold them, where stations stand, and what their channels record."""
