"""Instructions planted into what a workflow gets from outside, and who follows them."""
