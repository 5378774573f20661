"""Everything that is asked of git: one repository, its objects, refs and settings."""
