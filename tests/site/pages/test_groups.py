"""Lists of categories, authors and tags: on a page by title, what has no category last."""

from __future__ import annotations

import re

from registry_tool.catalogue.model import RegistrySettings
from registry_tool.site.pages.groups import REST, groups_page
from registry_tool.site.site import GroupEntry, Site


def test_groups_stand_by_title_whatever_was_first() -> None:
    entries = [
        GroupEntry(REST, "", 3),
        GroupEntry("text", "text", 1200),
        GroupEntry("b", "Agents", 1),
    ]
    site = Site(RegistrySettings("r"))
    page = dict(groups_page("categories", 2, 3, entries, site))["categories/page/2/index.html"]
    shown = re.findall(
        r'<li><a href="[^"]*">([^<]+)</a> <span class="notes">([^<]+)<', page.decode()
    )
    assert shown == [("Agents", "1"), ("text", "1,200"), ("Uncategorized", "3")]
    assert b"Previous page" in page
    assert b"Next page" in page
