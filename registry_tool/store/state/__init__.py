"""A branch that holds a registry's state, and where its home is."""
