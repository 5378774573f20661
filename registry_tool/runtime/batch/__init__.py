"""One item of a batch after another, in workers."""
