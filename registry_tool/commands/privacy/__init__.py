"""Keys, payloads, erasure and retention."""
