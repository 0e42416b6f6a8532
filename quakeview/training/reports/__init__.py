"""Evaluation reports: what a model is worth on records that it never saw, beside others and with intervals."""
