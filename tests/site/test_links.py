"""Addresses of the site: no name leaves its folder, and no two share a page."""

from __future__ import annotations

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.files import unsafe_path
from registry_tool.core.segments import path_segment
from registry_tool.site.links import group_page, list_front, up, version_page

KEYS = st.text("ab./%~+ @:\\é#?\0", min_size=1, max_size=8)


@given(KEYS)
def test_a_key_stays_in_its_folder(key: str) -> None:
    page = group_page("tags", key)
    assert posixpath.dirname(posixpath.normpath(page)) == f"tags/{path_segment(key)}"
    assert not set(path_segment(key)) & set("/\\?#%: \0")


@pytest.mark.parametrize("key", ["index.html", "index.md", "feed.xml"])
def test_no_key_takes_the_place_of_a_file(key: str) -> None:
    assert not list_front("tags", key).startswith(f"tags/{key}/")


@given(KEYS, KEYS)
def test_two_keys_never_share_a_page(one: str, other: str) -> None:
    assert (path_segment(one) == path_segment(other)) == (one == other)


@given(st.lists(st.sampled_from(["a", "b"]), min_size=1).map("/".join))
def test_up_leads_from_a_page_to_the_root(page: str) -> None:
    assert posixpath.normpath(posixpath.join(posixpath.dirname(page), up(page) or ".")) == "."


def test_a_versions_page_has_a_safe_path() -> None:
    page = version_page("hello", "1.0.0-rc.1+b")
    assert page == "workflows/hello/1.0.0-rc.1+b/index.html"
    assert unsafe_path(page) is None
