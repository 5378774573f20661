"""What the help pages of both programs say, without importing their commands."""
