"""What credentials look like, by who issues them: one line a kind, with its prefix, alphabet and length.

Facts are the issuers' own documentation and what the rule sets of gitleaks and detect-secrets agree on. Every
pattern is linear: a run of characters is taken possessively, a gap is bounded.
"""
