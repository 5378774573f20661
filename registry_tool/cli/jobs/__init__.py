"""Commands that only jobs run."""
