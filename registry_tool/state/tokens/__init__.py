"""What a live registry knows of its tokens: on the branch `access`, signed by the registry's key."""
