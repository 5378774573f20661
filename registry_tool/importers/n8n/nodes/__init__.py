"""What becomes of each type of node."""
