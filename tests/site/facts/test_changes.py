from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.manifest.model import Block, Edge, Requirement
from registry_tool.site.facts.changes import changes_between
from registry_tool.site.templates import messages
from tests.catalogue.small import version

WORDS = messages("en")


def made(number: str, *, needs: tuple[Requirement, ...] = (), **config: str) -> PublishedVersion:
    """A version with one edge that asks a model."""
    base = version("a", number, needs)
    edges = (Edge("e", "llm", ("in",), ("out",), config=config),)
    blocks = (Block("in", "text"), Block("out", "text"))
    return replace(base, workflow=replace(base.workflow, blocks=blocks, edges=edges))


@pytest.mark.parametrize(
    ("after", "title"),
    [
        (made("1.1.0", prompt="{{in}}!", model="m"), "Changed prompts"),
        (made("1.1.0", prompt="{{in}}", model="n"), "Models"),
        (made("1.1.0", prompt="{{in}}", model="m", seed="1"), "Blocks and edges"),
        (
            made(
                "1.1.0", prompt="{{in}}", model="m", needs=(Requirement("the model of the", "^1"),)
            ),
            "Dependencies",
        ),
    ],
)
def test_changes_stand_under_what_they_are_about(after: PublishedVersion, title: str) -> None:
    result = changes_between(made("1.0.0", prompt="{{in}}", model="m"), after).worded(WORDS)
    groups = result["groups"]
    assert isinstance(groups, list)
    assert [name for name, _ in groups] == [title]


def test_the_number_is_held_to_what_the_changes_require() -> None:
    one, patch = made("1.0.0", prompt="a"), made("1.0.1", prompt="b")
    result = changes_between(one, patch).worded(WORDS)
    assert (result["bump"], result["required"], result["enough"]) == ("patch", "minor", False)
    result = changes_between(one, made("1.1.0", prompt="b")).worded(WORDS)
    assert (result["bump"], result["required"], result["enough"]) == ("minor", "minor", True)


def test_every_group_has_its_words_in_every_language() -> None:
    for language in ("en", "zh"):
        for key in ("prompts", "models", "dependencies"):
            assert messages(language)[f"group_{key}"]
