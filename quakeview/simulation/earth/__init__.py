"""What the Earth is made of: elastic and anelastic properties at every point."""
