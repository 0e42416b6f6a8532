"""What radiates: point double couples and kinematic ruptures."""
