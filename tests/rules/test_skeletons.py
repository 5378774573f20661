"""Names that people mistake for each other, and names that they don't."""

from __future__ import annotations

import pytest

from registry_tool.rules.look_alike import _reserved
from registry_tool.rules.skeletons import look_alike

KNOWN = frozenset({"special", "sentiment-analysis", "translator", "hello", "modern", "ab"})


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("specia1", "special"),
        ("speciai", "special"),
        ("5pecial", "special"),
        ("speclal", "special"),
        ("spe-cial", "special"),
        ("sentimentanalysis", "sentiment-analysis"),
        ("sentiment-analysls", "sentiment-analysis"),
        ("sentirnent-analysis", "sentiment-analysis"),
        ("senti-mentanalysi", "sentiment-analysis"),
        ("sentiment-anaylsis", "sentiment-analysis"),
        ("trans1ator", "translator"),
        ("transla-tors", "translator"),
        ("he11o", "hello"),
        ("rnodern", "modern"),
        ("modem", "modern"),
    ],
)
def test_a_name_that_is_mistaken_for_a_known_one(name: str, other: str) -> None:
    assert look_alike(name, KNOWN) == other


@pytest.mark.parametrize(
    "name", ["translate-mail", "summariser", "abc", "specialist", "sentiment", "help"]
)
def test_another_word_is_free(name: str) -> None:
    assert not look_alike(name, KNOWN)


@pytest.mark.parametrize(
    "name",
    [
        *("puppyai", "puppyai1", "pupyai", "puppy-ai", "puppyal", "puppya1", "puppyai-hello"),
        *("hello-puppy-ai", "official-hello", "hello-official", "0fficial", "offlcial-hello"),
        *(
            "adm1n",
            "latest",
            "registrytool",
            "registry-t00l",
            "acme-tools",
            "acmetools",
            "acme-too1s",
        ),
    ],
)
def test_a_reserved_name_is_held_in_every_shape(name: str) -> None:
    assert _reserved(name, ("acme-tools",))


@pytest.mark.parametrize(
    "name",
    [
        "system-prompt",
        "support-mail",
        "api-docs",
        "latent",
        "admit",
        "puppy-names",
        "unofficially",
        "newsletter",
    ],
)
def test_words_that_hold_reserved_ones_are_free(name: str) -> None:
    assert not _reserved(name, ("acme-tools",))
