"""Commands of operators: deploy, promote, rollback, pause, resume, status."""
