from __future__ import annotations

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.site.pages.dependencies import dependency_files
from registry_tool.site.site import Counts, Site
from tests.site.test_pages import chinese

SITE = Site(RegistrySettings("r"))


def page(counts: Counts, path: str = "dependencies/index.html") -> str:
    return dict(dependency_files(counts, SITE))[path].decode()


def test_what_requires_what_is_drawn_and_listed() -> None:
    counts = Counts(required={"c": 2, "b": 1}, requires={"a": ["b", "c"], "b": ["c"]})
    text = page(counts)
    assert '<a class="node" href="../workflows/a/index.html">' in text
    assert text.count('class="wire"') == 3
    assert text.index(">c</a></th><td><meter") < text.index(">b</a></th><td><meter")
    twin = page(counts, "dependencies/index.md")
    assert "- a → b, c" in twin
    assert "- c: 2" in twin
    files = {p: d for p, d in dict(dependency_files(counts, SITE)).items() if p.endswith("html")}
    assert {word for words in chinese(files).values() for word in words} <= {"a", "b", "c"}


def test_more_than_can_be_drawn_is_ranked() -> None:
    text = page(Counts(required={"c": 900, "b": 1}))
    assert "There are 901 requirements" in text
    assert "<svg" not in text
    assert text.index(">c<") < text.index(">b<")


def test_none_says_so() -> None:
    assert "No workflow requires another one yet." in page(Counts())
