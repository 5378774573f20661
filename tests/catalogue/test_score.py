"""Scores: every reason has its words, its points add up, and what an author mends earns them."""

from __future__ import annotations

from dataclasses import replace

from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.model import PublishedVersion
from registry_tool.catalogue.score import REASONS, Score, score, score_of
from registry_tool.manifest.model import Requirement, Workflow
from registry_tool.site.templates import LANGUAGES, messages
from registry_tool.store.tree import FolderTree
from tests.site.test_render import ROOT


def version(name: str) -> PublishedVersion:
    return load_catalogue(FolderTree(ROOT)).by_name[name].latest


def points(found: Score) -> dict[str, int]:
    return {reason.id: reason.points for reason in found.reasons}


def test_there_are_a_hundred_points_and_each_is_explained() -> None:
    found = score(version("sentiment-analysis"))
    assert found.of == 100
    assert 0 < found.total <= 100
    for reason in found.reasons:
        assert bool(reason.given) == (reason.points == reason.of)
        assert bool(reason.how) != bool(reason.given)


def test_every_language_explains_every_reason() -> None:
    for language in LANGUAGES:
        words = messages(language)
        for reason in REASONS:
            key = f"score_{reason.replace('-', '_')}"
            assert words[key] and words[f"{key}_given"] and words[f"{key}_how"]


def test_english_pages_say_what_the_api_says() -> None:
    words = messages("en")
    for reason, (_, given, how) in REASONS.items():
        key = f"score_{reason.replace('-', '_')}"
        assert (words[f"{key}_given"], words[f"{key}_how"]) == (given, how)


def test_the_documentation_has_every_reason() -> None:
    text = (ROOT / "docs/site.md").read_text()
    for reason, (points_, given, how) in REASONS.items():
        assert f"| `{reason}` | {points_} | {given} | {how} |" in text


def changed(workflow: Workflow, **values: object) -> Workflow:
    return replace(workflow, metadata=replace(workflow.metadata, **values))  # type: ignore[arg-type]


def test_what_an_author_leaves_out_costs_its_points() -> None:
    whole = version("ticket-router").workflow
    readme = "x" * 200
    best = points(score_of(whole, readme, recorded=True))
    for reason, less in (
        ("description", changed(whole, description="")),
        ("tags", changed(whole, tags=())),
        ("licence", changed(whole, license="")),
        ("category", changed(whole, category="uncategorized")),
        ("asserting", replace(whole, tests=())),
        ("ranges", replace(whole, requires=(Requirement("other", ">=1"),))),
    ):
        worse = points(score_of(less, readme, recorded=True))
        assert best[reason] == REASONS[reason][0], reason
        assert worse[reason] < best[reason], reason
    assert points(score_of(whole, "", recorded=True))["readme"] == 0
    assert points(score_of(whole, readme, recorded=False))["recorded"] == 0
    assert points(score_of(whole, readme, recorded=False))["offline"] == 0


def test_personal_data_has_named_recipients() -> None:
    whole = version("ticket-router").workflow  # its message is marked as personal
    assert points(score_of(whole, "", recorded=True))["recipients"] == 0
    named = replace(whole, security=replace(whole.security, recipients=("gpt-4o-mini", "gpt-4o")))
    assert points(score_of(named, "", recorded=True))["recipients"] == 5
