"""Index documents brought along by what differs, and what tells that they are those of a commit."""
