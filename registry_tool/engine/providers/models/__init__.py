"""Models that answer: requests, replies, prices, limits."""
