"""What everything else stands on: findings, errors, files, clock."""
