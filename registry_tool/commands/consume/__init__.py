"""What consumers do: find, look at, install."""
