"""Which keys actions have: ours, those of other programs, and one's own."""
