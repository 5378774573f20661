"""What a shell asks for when its user presses Tab."""
