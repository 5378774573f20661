from __future__ import annotations

import pytest

from registry_tool.security.redact import redact_secrets, redact_value

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
    text = "The ghp of a key is not a key; neither is sk-learn nor AKIA."
    assert redact_secrets(text) == text


def test_names_of_many_objects_are_redacted_in_each() -> None:
    secret = "ghp_" + "a1B2" * 9
    value = [{secret: number, "rule": secret, f"{'x ' * 40}{secret}": 1} for number in range(2)]
    found = [{"[SECRET]": n, "rule": "[SECRET]", f"{'x ' * 40}[SECRET]": 1} for n in range(2)]
    assert redact_value(value) == found  # type: ignore[arg-type]
