"""Where workflows come from: a clone, a commit, a built site, an address, a lock."""
