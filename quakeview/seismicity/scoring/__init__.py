"""What forecasts of seismicity are worth: likelihood, consistency tests, reliability, ranks, all day by day."""
