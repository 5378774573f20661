"""The pages that tests look at are of every kind that there is."""

from __future__ import annotations

from registry_tool.site.templates import folder
from tests.site.kinds import KINDS, PAGES, further_files
from tests.site.test_render import ROOT, own_files


def test_each_template_of_a_page_has_its_kind() -> None:
    """A new one goes into `KINDS`, and axe, the HTML checker and the rest look at it."""
    pages = {
        path.stem for path in folder().glob("*.html") if 'extends "base.html"' in path.read_text()
    }
    assert pages == set(KINDS)


def test_each_page_is_there_in_both_languages() -> None:
    made = {**own_files(), **further_files(ROOT)}
    assert {f"{language}{page}" for language in ("", "zh/") for page in PAGES} <= set(made)
    # None of the two stands for the other's kind.
    assert not set(further_files(ROOT)) & set(KINDS["workflow"])
