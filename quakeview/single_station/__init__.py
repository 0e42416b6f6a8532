"""What one station can say of an earthquake: distance, direction, size and first motion, by rule and by network."""
