"""A plain notice stands where the full page would, with what is there all the same."""

from __future__ import annotations

from registry_tool.catalogue.load import load_catalogue
from registry_tool.site.pages.diffs import compare_files, diff_files
from registry_tool.site.pages.plain import plain_diff, plain_line, plain_version
from registry_tool.site.pages.version import version_files
from registry_tool.site.site import Site
from registry_tool.store.tree import FolderTree
from tests.site.test_render import ROOT


def test_plain_pages_have_the_addresses_of_full_ones() -> None:
    catalogue = load_catalogue(FolderTree(ROOT))
    site = Site(catalogue.settings)
    line = next(line for line in catalogue.lines if len(line.versions) > 1)
    older, newer = line.versions[-2:]
    plain = dict(plain_version(newer, site))
    assert plain.keys() == dict(version_files(newer, site)).keys()
    assert all(b".wfpkg" in content for content in plain.values())
    assert (
        dict(plain_diff(older, newer, site)).keys() == dict(diff_files(older, newer, site)).keys()
    )
    assert dict(plain_line(line, site)).keys() > dict(compare_files(line, site)).keys()
