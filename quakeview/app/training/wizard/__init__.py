"""The training wizard: from a goal to a run, a step a page."""
