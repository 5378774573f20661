"""The output (static API, packages, pages) as a function of the commit, brought there by what differs."""
