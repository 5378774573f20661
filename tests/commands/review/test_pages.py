"""What check-pr accepts can be published: pages, documents and package are made while it judges."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import pytest

from registry_tool.catalogue.load import load_settings
from registry_tool.commands.review import pages
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.commands.review.judge import JudgeRequest, judged_apart
from registry_tool.commands.review.pages import PagePart, PublishedPages
from registry_tool.core.children import ProcessLimits
from registry_tool.core.finding import Finding
from registry_tool.core.values import Object, Value
from registry_tool.rules.base import RenderFailure
from registry_tool.runtime.confined import Confined, ConfinedError
from registry_tool.store.tree import FolderTree
from tests.commands.review.requests import branch
from tests.conftest import RegistryFolder

EMPTY: Mapping[str, bytes] = {}


def manifest(**spec: Any) -> dict[str, Any]:
    about = {"name": "wide", "version": "1.0.0", "license": "MIT", "description": "Copies a text"}
    return {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": about,
        "spec": {
            "blocks": [{"id": "a", "type": "text"}, {"id": "b", "type": "text"}],
            "edges": [{"id": "e", "source": "a", "target": "b", "type": "modify"}],
            "interface": {
                "inputs": [{"name": "a", "type": "string", "required": True}],
                "outputs": [{"name": "b", "type": "string"}],
            },
            "tests": [{"name": "copies", "inputs": {"a": "x"}, "expected": {"b": "x"}}],
            **spec,
        },
    }


def propose(registry: RegistryFolder, document: dict[str, Any], files: Mapping[str, bytes]) -> None:
    folder = registry.root / "registry/workflows/wide/1.0.0"
    for path, content in {"manifest.yaml": json.dumps(document).encode(), **files}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder.parent / "owners.yaml").write_text("owners: [{ login: ada, id: 1 }]\n")
    registry.compile()


def judged(
    registry: RegistryFolder, document: dict[str, Any], files: Mapping[str, bytes] = EMPTY
) -> list[Finding]:
    branch(registry, "wide")
    propose(registry, document, files)
    registry.commit("Propose a wide one")
    return [f for f in check_pr(registry.root, "main").findings if f.severity == "error"]


def flows(inputs: int, models: int) -> dict[str, Any]:
    """Every input reaches every model."""
    names = [f"i{n}" for n in range(inputs)]
    blocks = [*names, "m", *(f"o{n}" for n in range(models))]
    return manifest(
        blocks=[{"id": name, "type": "text"} for name in blocks],
        edges=[
            {"id": "e", "source": names, "target": "m", "type": "modify"},
            *(
                {
                    "id": f"e{n}",
                    "source": "m",
                    "target": f"o{n}",
                    "type": "llm",
                    "config": {"model": f"m{n}"},
                }
                for n in range(models)
            ),
        ],
        interface={
            "inputs": [{"name": name, "type": "string"} for name in names],
            "outputs": [{"name": "o0", "type": "string"}],
        },
        tests=[{"name": "says", "inputs": {"i0": "x"}, "expected": {"o0": "y"}}],
    )


def made(
    registry: RegistryFolder, document: dict[str, Any]
) -> tuple[list[str], tuple[RenderFailure, ...]]:
    """The parts that were begun, and what could not be made."""
    propose(registry, document, {})
    begun: list[PagePart] = []
    tree = FolderTree(registry.root)
    unmade = PublishedPages(tree, load_settings(tree), begun.append).unmade("wide", "1.0.0")
    return [place.what for place in begun], unmade


def test_a_page_that_would_be_too_large_is_reported_where_the_version_says_most(
    make_registry: Callable[..., RegistryFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_FILE", 100_000)
    begun, (first, *_) = made(make_registry(), flows(30, 60))
    assert first.route == ("spec", "interface", "inputs")
    assert "most of it is where its inputs go" in first.reason
    assert begun[-1] == "its entry in lists and search"


def test_what_every_list_would_keep_is_bounded(
    make_registry: Callable[..., RegistryFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_ENTRY", 1000)
    _, (only,) = made(make_registry(), flows(1, 200))
    assert only.route == ("metadata",)


@pytest.mark.parametrize(
    ("bug", "words"),
    [("", "it took more than 10 s"), ("Traceback\nKeyError: 'x'", "can't be made: KeyError: 'x'")],
)
def test_what_ends_the_process_that_makes_a_page_is_a_finding_at_that_part(
    bug: str, words: str
) -> None:
    place: list[Value] = ["registry/workflows/wide/1.0.0/docs/README.md", 1, 1, "the README"]
    ended = cast(Confined, Ended([{"version": "wide:1.0.0"}, {"page": place}], bug))
    request = JudgeRequest("", "", "", None, (("wide", "1.0.0"), ("next", "1.0.0")))
    found = judged_apart(ended, request, str).by_version
    (first,), (second,) = (found[version].findings for version in request.versions)
    assert (first.rule, first.path, first.line) == ("pages", place[0], 1)
    assert words in first.message
    assert second.message == "not judged, since the check stopped at wide:1.0.0"


class Ended:
    """Written by hand: a confined process that ends in the middle; a real one takes ten seconds for it."""

    def __init__(self, messages: list[Object], bug: str) -> None:
        self.messages, self.bug = messages, bug

    def ask(self, _kind: str, _what: object) -> Iterator[Object]:
        yield from self.messages
        if self.bug:
            raise ConfinedError(self.bug)

    def stopped(self, limits: ProcessLimits) -> str:
        return f"more than {limits.cpu_seconds} s of processor time"


def test_a_description_for_lists_is_a_paragraph(registry: RegistryFolder) -> None:
    document = manifest()
    document["metadata"]["description"] = "d" * 4097
    found = judged(registry, document)
    assert [(f.rule, "4097" in f.message) for f in found] == [("pages", True)]


def test_what_is_large_and_can_be_shown_passes(registry: RegistryFolder) -> None:
    document = manifest()
    document["metadata"]["description"] = "d" * 4096
    readme = b"a line of prose\n\n" * 100_000
    assert judged(registry, document, {"docs/README.md": readme}) == []
