"""What happens to an item before anyone counts it."""
