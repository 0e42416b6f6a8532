"""Evaluation reports in the window: what is to be evaluated, and the report, whose worst records open with a click."""
