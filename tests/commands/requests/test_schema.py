"""The keys of a request: what each takes, and what is told of another value."""

from __future__ import annotations

import pytest

from registry_tool.commands.requests import schema
from registry_tool.commands.requests.schema import Key, has_lone_surrogate, one_of, read_keys
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Value


@pytest.mark.parametrize(
    ("key", "value", "takes"),
    [
        (schema.OBJECT, {}, True),
        (schema.OBJECT, [], False),
        (schema.NAME, "hello", True),
        (schema.NAME, "Hello", False),
        (schema.VERSION, "1.0.0", True),
        (schema.VERSION, "1.0", False),
        (schema.TOKENS, 1, True),
        (schema.TOKENS, 0, False),
        (schema.TOKENS, True, False),
        (schema.DOLLARS, 0, True),
        (schema.DOLLARS, -0.1, False),
        (schema.DOLLARS, float("inf"), False),
        (schema.DOLLARS, float("nan"), False),
        (schema.REASON, "", True),
        (schema.REASON, "a\nb", False),
        (schema.REASON, "x" * 501, False),
        (schema.OVERRIDE, "why", True),
        (schema.OVERRIDE, "  ", False),
        (schema.BASE64, "YQ==", True),
        (schema.BASE64, "YQ=", True),
        (schema.BASE64, "Y", False),
        (schema.PROVIDER, "local", True),
        (schema.PROVIDER, "Local", False),
    ],
)
def test_what_a_key_takes(key: Key, value: Value, takes: bool) -> None:
    assert key.takes(value) is takes


def test_words_are_not_patterns() -> None:
    assert one_of("a.b").takes("a.b")
    assert not one_of("a.b").takes("axb")


KEYS = {"workflow": schema.NAME, "tokens": schema.TOKENS, "inputs": schema.OBJECT}


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"workflw": "hello"}, "key 'workflw' is unknown"),
        ({"workflow": "hello", "tokens": 0}, "'tokens' is 0, but a whole number above 0 is meant"),
        ({"workflow": ["x"]}, "'workflow' is a list, but"),
        ({"workflow": {"x": 1}}, "'workflow' is an object, but"),
        ({"tokens": 1}, "has no 'workflow'"),
    ],
)
def test_another_request_is_reported_the_form(value: dict[str, Value], reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as caught:
        read_keys(value, KEYS)
    assert "only workflow is required" in caught.value.hint


def test_what_fits_is_given_back() -> None:
    value: dict[str, Value] = {"workflow": "hello", "inputs": {"x": 1}}
    assert read_keys(value, KEYS) is value


def test_half_a_character_is_reported_but_of_inputs_later() -> None:
    keys = {"workflow": schema.REFERENCE, "inputs": schema.OBJECT}
    with pytest.raises(UsageError, match="'workflow' holds half a character"):
        read_keys({"workflow": "\ud800"}, keys)
    assert read_keys({"workflow": "x", "inputs": {"a": "\ud800"}}, keys)
    assert has_lone_surrogate(["\udfff"])
    assert not has_lone_surrogate("\U0001f600")
