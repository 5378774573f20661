"""The local page of `puppy-cli dev --serve`."""
