from __future__ import annotations

import pytest

from registry_tool.catalogue.version_pages import VersionPages, with_pages

NUMBERS = ("1.0.0", "1.0.1", "1.1.0-rc.1", "1.1.0", "2.0.0-rc.1")


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("all", NUMBERS),
        ("latest-of-minor", ("1.0.1", "1.1.0", "2.0.0-rc.1")),
        ("latest", ("1.1.0",)),
    ],
)
def test_which_versions_have_pages(wanted: str, shown: tuple[str, ...]) -> None:
    assert with_pages(NUMBERS, "1.1.0", VersionPages(wanted)) == frozenset(shown)


def test_the_latest_has_a_page_also_where_a_higher_patch_is_yanked() -> None:
    shown = with_pages(("1.0.0", "1.0.1"), "1.0.0", VersionPages.LATEST_OF_MINOR)
    assert shown == {"1.0.0", "1.0.1"}
