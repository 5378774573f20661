"""The Update Framework (extra `trust`): https://theupdateframework.github.io/specification/latest/."""
