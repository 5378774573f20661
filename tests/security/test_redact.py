from __future__ import annotations

import pytest

from registry_tool.security.redact import redact_secrets

JWT = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0"
    ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
)


@pytest.mark.parametrize(
    "secret",
    [
        "ghp_" + "a1B2" * 9,
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "xoxb-" + "123456789012-123456789012-" + "abcdefghijklmnopqrstuvwx",
        "glpat-" + "abcdefghijklmnopqrst",
        "sk_live_" + "a1" * 12,
        "sk-" + "proj-" + "a1" * 20,
        JWT,
    ],
)
def test_the_whole_of_a_secret_goes(secret: str) -> None:
    for text in ("{}", "it is {} indeed\nand {}", "ghp {}"):
        assert redact_secrets(text.replace("{}", secret)) == text.replace("{}", "[SECRET]")


def test_prose_stays() -> None:
    text = "The ghp of a key is no key; neither is sk-learn nor AKIA."
    assert redact_secrets(text) == text
