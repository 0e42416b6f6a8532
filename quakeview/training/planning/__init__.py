"""What the training wizard decides, without a window: goals, plans, forms, estimates."""
