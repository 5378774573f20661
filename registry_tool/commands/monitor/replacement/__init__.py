"""Moving workflows from models that retire to their successors, by pull requests that people decide on."""
