"""The Training workspace: the wizard, and the runs it starts."""
