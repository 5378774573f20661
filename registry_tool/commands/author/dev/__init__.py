"""`puppy-cli dev`: a project looked at again whenever it is saved."""
