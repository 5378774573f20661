"""Credentials by their form or name: private keys, passwords in addresses, tokens with claims, named values."""

from __future__ import annotations

from typing import Final

from registry_tool.security import credential_checks as checks
from registry_tool.security.credential_kinds.kind import (
    UUID,
    CredentialKind,
)

_NAMED_AS = r"[\w .-]{0,16}[\"'\]]{0,2}\s{0,4}(?:=>|:=|==?|:|,)\s{0,4}[\"'`]?"

_VENDORS = (
    "algolia|anthropic|assemblyai|auth0|azure|bitbucket|cloudflare|codecov|cohere|coinbase|confluent|datadog|deepgram|"
    "deepseek|discord|elastic|facebook|fastly|gemini|github|gitlab|heroku|hubspot|intercom|jfrog|launchdarkly|"
    "linkedin|mailgun|mistral|mongodb|netlify|newrelic|ocp-apim|okta|openai|opsgenie|pagerduty|postmark|pusher|"
    "segment|sendgrid|sentry|snowflake|snyk|spotify|squarespace|stability|sumologic|telegram|travis|twilio|twitter|"
    "vercel|wandb|webex|zendesk|zoom"
)

_KEY_OF_IT = (
    rf"[\w .-]{{0,24}}?(?:key|token|secret|auth|pwd|password){_NAMED_AS}"
    rf"({UUID}|[A-Za-z0-9+/_=.~-]{{24,512}}+)"
)

_KEYS_OF = (
    "api|access|auth|client|private|encryption|signing|master|admin|account|subscription|service|session|"
    "bearer|webhook"
)

_NAMES = "token|secret|passw(?:or)?d|pwd|credential"

STRUCTURED: Final = (
    CredentialKind(
        "JSON web token", ("eyJ",), r"(?<![\w-])(?=([\w-]{17,}+\.[\w-]{8,}+\.[\w-]*+))", checks.jwt
    ),
    CredentialKind(
        "Private Key",
        ("PRIVATE KEY",),
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----",
        checks.private_key,
    ),
    CredentialKind(
        "Private Key", ("SSH2 ENCRYPTED PRIV",), r"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----"
    ),
    CredentialKind(
        "PuTTY private key",
        ("PuTTY-User-Key-File-",),
        r"PuTTY-User-Key-File-[23]: [\w-]+",
        starts=("PuTTY-User-Key-File-",),
    ),
    CredentialKind(
        "private JSON web key",
        ('"d"',),
        r"\"d\"\s{0,3}:\s{0,3}\"([A-Za-z0-9_-]{40,}+)\"",
        checks.dense,
        starts=('"d"',),
    ),
    CredentialKind(
        "password in an address",
        ("://",),
        r"://[^\s:/@\"'<>?#]{0,64}:([^\s/@\"'<>`]{1,128}+)@(?!sha256:)",
        checks.password,
        starts=("://",),
    ),
    CredentialKind(
        "password in a connection string",
        ("password", "pwd"),
        r"(?<![a-z])(?:password|pwd)\s?=\s?[\"']?([^;&\"'\s<>]{4,128}+)",
        checks.connection,
        folded=True,
        starts=("password", "pwd"),
    ),
    CredentialKind(
        "service's key by its name",
        ("key", "token", "secret", "auth", "pwd", "password"),
        rf"(?<![a-z])(?:{_VENDORS}){_KEY_OF_IT}",
        checks.random_value,
        folded=True,
        starts=tuple(_VENDORS.split("|")),
    ),
    CredentialKind(  # Datadog; without `starts`: a run of d has one everywhere
        "service's key by its name",
        ("key", "token", "secret", "auth", "pwd", "password"),
        rf"(?-i:[Dd])(?<![a-z].)d{_KEY_OF_IT}",
        checks.random_value,
        folded=True,
    ),
    CredentialKind(
        "Elastic key",
        ("apikey",),
        r"apikey\s{1,4}([A-Za-z0-9+/]{40,}+={0,2})",
        checks.encoded_pair,
        folded=True,
        starts=("apikey",),
    ),
    CredentialKind(
        "basic credentials",
        ("basic",),
        r"(?<![a-z])basic\s{1,4}([A-Za-z0-9+/]{12,}+={0,2})",
        checks.encoded_pair,
        guess=True,
        folded=True,
        starts=("basic",),
    ),
    CredentialKind(
        "bearer token",
        ("bearer",),
        r"(?<![a-z])bearer\s{1,4}([A-Za-z0-9+/_=.~-]{20,512}+)",
        checks.random_value,
        guess=True,
        folded=True,
        starts=("bearer",),
    ),
    CredentialKind(
        "value of a secret's name",
        ("key", "token", "secret", "passw", "pwd", "credential"),
        rf"(?:(?:{_KEYS_OF})[_ .-]?key|{_NAMES}){_NAMED_AS}([A-Za-z0-9+/_=.~!@#$%^&*-]{{16,512}}+)",
        checks.random_value,
        guess=True,
        folded=True,
        starts=(
            *(f"{whose}{gap}key" for whose in _KEYS_OF.split("|") for gap in ("", *"_ .-")),
            *("token", "secret", "password", "passwd", "pwd", "credential"),
        ),
    ),
)
