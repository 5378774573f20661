"""One kind of node of the editor, one file."""
