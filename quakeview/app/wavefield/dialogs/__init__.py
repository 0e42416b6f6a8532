"""What is asked before a scenario is made or stations are read."""
