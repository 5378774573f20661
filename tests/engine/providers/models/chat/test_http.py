"""Keys by address, and a server's refusals in words; the connections themselves: test_openai_compatible.py."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.chat.http import ApiKey, key_for, status_error

OPENAI = "https://api.openai.com/v1"
OWN = "https://own.example/v1"


@pytest.mark.parametrize(
    ("address", "own", "environment", "key"),
    [
        (OPENAI, OPENAI, {"OPENAI_API_KEY": "k"}, "k"),
        (OWN, OWN, {"OPENAI_API_KEY": "k"}, "k"),
        (OWN, OWN, {}, "none"),  # a server of one's own may need none
        ("https://else.example", OWN, {"OPENAI_API_KEY": "k"}, "none"),
        ("https://else.example/x", OWN, {"OPENAI_API_KEY__ELSE_EXAMPLE": "e"}, "e"),
        ("https://else.example:8/x", OWN, {"OPENAI_API_KEY__ELSE_EXAMPLE": "e"}, "none"),
        ("https://else.example:8/x", OWN, {"OPENAI_API_KEY__ELSE_EXAMPLE__P__8": "e"}, "e"),
        ("https://else-example", OWN, {"OPENAI_API_KEY__ELSE_EXAMPLE": "e"}, "none"),
        ("http://127.0.0.1:8/v1", OWN, {"OPENAI_API_KEY__127_0_0_1__P__8": "e"}, "e"),
        ("http://else.example", OWN, {}, "none"),
        ("https://own.example.evil.com/v1", OWN, {"OPENAI_API_KEY": "k"}, "none"),
    ],
)
def test_the_operator_s_key_is_for_the_operator_s_address_alone(
    address: str, own: str, environment: dict[str, str], key: str
) -> None:
    assert key_for(address, own, environment, OPENAI).value == key


def test_a_key_goes_to_a_workflow_s_server_encrypted_or_not_at_all() -> None:
    environment = {"OPENAI_API_KEY__ELSE_EXAMPLE": "e"}
    with pytest.raises(ProviderError, match="without encryption") as error:
        key_for("http://else.example/v1", OWN, environment, OPENAI)
    assert error.value.unasked
    with pytest.raises(ProviderError, match="not an address"):
        key_for("https://else.example:x/v1", OWN, environment, OPENAI)


def test_a_key_is_not_shown() -> None:
    assert "s3cret" not in repr(ApiKey("s3cret"))


def test_openai_is_not_asked_without_a_key() -> None:
    with pytest.raises(ProviderError, match="no key") as error:
        key_for(OPENAI, OPENAI, {}, OPENAI)
    assert error.value.unasked
    assert "OPENAI_API_KEY" in error.value.hint


def refusal(
    status: int, message: str = "no", key: str = "sk-secret", **headers: str
) -> ProviderError:
    response: Any = SimpleNamespace(status=status, headers=headers)
    return status_error(response, message, OWN, ApiKey(key))


@pytest.mark.parametrize(
    ("status", "transient", "throttled", "unasked"),
    [
        (400, False, False, False),
        (401, False, False, True),
        (402, False, False, True),
        (408, True, False, False),
        (429, True, True, False),
        (500, True, False, False),
        (503, True, True, False),
        (307, False, False, True),
    ],
)
def test_what_a_status_means(status: int, transient: bool, throttled: bool, unasked: bool) -> None:
    error = refusal(status)
    assert (error.transient, error.throttled, error.unasked) == (transient, throttled, unasked)


def test_a_refusal_is_one_short_line_without_the_key() -> None:
    error = refusal(401, "bad key sk-secret\nand\tmore" + " x" * 500, **{"retry-after": "3"})
    assert "sk-secret" not in error.reason
    assert "bad key [KEY] and more" in error.reason
    assert "\n" not in error.reason
    assert len(error.reason) < 400
    assert (error.retry_after, error.hint) == (3, "look at OPENAI_API_KEY")
    response: Any = SimpleNamespace(status=401, headers={})
    other = key_for("https://else-where.example", OWN, {}, OPENAI)
    assert status_error(response, "", OWN, other).hint == (
        "look at OPENAI_API_KEY__ELSE__H__WHERE_EXAMPLE"
    )
    assert refusal(400, "none of it", key="none").reason.endswith("400: none of it")
    assert "nothing more" in refusal(500, "").reason
    assert "to https://x" in refusal(302, location="https://x").reason
