"""Asking a forge's jobs for work, following them, and what the jobs themselves ask."""
