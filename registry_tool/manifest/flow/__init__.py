"""What may reach what along a workflow's typed graph, known before any run."""
