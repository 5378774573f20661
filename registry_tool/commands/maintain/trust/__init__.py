"""`registry-tool trust`: who may sign what of a registry's output."""
