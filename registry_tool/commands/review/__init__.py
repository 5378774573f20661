"""What is judged before it is merged."""
