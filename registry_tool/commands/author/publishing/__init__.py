"""Publishing: what a version becomes, and how it gets to a forge or a live registry."""
