"""Records, keys and logs of runs."""
