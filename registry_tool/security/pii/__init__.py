"""Personal data in text: recognised, with examples for each kind."""
