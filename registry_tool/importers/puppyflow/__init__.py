"""PuppyFlow's files: read and written."""
