"""What a stranger's JSON Schema may be before anything validates with it."""
