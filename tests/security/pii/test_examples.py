"""What standards and providers reserve for examples, and what only looks like it."""

from __future__ import annotations

import pytest

from registry_tool.security.pii import examples as pii_examples
from registry_tool.security.pii.examples import is_documented_example
from registry_tool.security.pii.recognise import find_personal_data
from tests.security.recogniser_corpora import CARD


def found(text: str) -> list[tuple[str, str]]:
    return [(item.kind, text[item.start : item.end]) for item in find_personal_data(text)]


def test_every_documented_example_would_be_found() -> None:
    for kind, examples in pii_examples._EXAMPLES.items():
        for text in examples:
            assert found(text) == [(kind, text)]
            assert is_documented_example(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("card", "4242 4242 4242 4242"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("cn-resident-id", "11010519491231002x"),
        ("phone", "+1 (202) 555-0143"),
        ("phone", "+44 20 7946 0958"),
        ("email", "Ada@Example.COM"),
        ("email", "ada@mail.example.org"),
        ("email", "ada@shop.test"),
        ("email", "123+ada@users.noreply.github.com"),
        ("email", "no-reply@corp.com"),
        ("email", "git@github.com"),
    ],
)
def test_documented_examples(kind: str, text: str) -> None:
    assert found(text) == [(kind, text)]
    assert is_documented_example(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("card", CARD),
        ("iban", "4242424242424242"),
        ("phone", "+1 202 555 1143"),
        ("email", "ada@notexample.com"),
        ("email", "ada@example.com.cn"),
    ],
)
def test_other_texts_are_no_documented_examples(kind: str, text: str) -> None:
    assert not is_documented_example(kind, text)
