"""Earthquakes made of picks: velocity models, travel times, association, location and magnitude."""
