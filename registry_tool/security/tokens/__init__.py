"""Tokens by which the live registry knows who asks: API keys, access tokens, identity tokens of providers."""
