"""What maintainers do: index, build, publish, serve, yank, repair."""
