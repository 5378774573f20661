"""Functions that a script is given where it uses them: their source is copied into it."""
