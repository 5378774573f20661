"""What the state branches hold: deployments, run records, audit log, keys."""
