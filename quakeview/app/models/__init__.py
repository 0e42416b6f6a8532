"""The Models workspace: which models can be used, what they were trained on, how good they are."""
