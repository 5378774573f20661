"""A workflow as a Python script that stands alone: `puppy-cli export python`."""
