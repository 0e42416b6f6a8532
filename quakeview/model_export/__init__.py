"""Models for other programs: each copy is run beside the original before it is said to be done."""
