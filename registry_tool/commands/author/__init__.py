"""What authors do: begin, validate, build, publish."""
