"""Addresses of pages and documents, from the site's (or a language's) root.

The API's own spelling of paths is in `api/documents.py`, which the site never sees; a test holds the two together.
"""

from __future__ import annotations

from urllib.parse import quote

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.core.segments import path_segment
from registry_tool.store.paths import package_file, sbom_file
from registry_tool.store.provenance_branch import bundle_path

API = "api/v1"
PROVENANCE = "provenance"
_FILES = {"index.html", "index.md", "feed.xml"}


def line_page(name: str) -> str:
    """The page of a workflow's latest version."""
    return f"workflows/{name}/index.html"


def version_page(name: str, number: str) -> str:
    """The page of one version."""
    return f"workflows/{name}/{number}/index.html"


def line_feed(name: str) -> str:
    """The feed of a workflow's versions."""
    return f"workflows/{name}/feed.xml"


def badge(name: str) -> str:
    """The badge with a workflow's latest version."""
    return f"badges/{name}.svg"


def diff_page(name: str, before: str, after: str) -> str:
    """What changed between two versions."""
    return f"workflows/{name}/diff/{before}...{after}/index.html"


def compare_page(name: str) -> str:
    """Where any two versions of a workflow are compared."""
    return f"workflows/{name}/diff/index.html"


def list_front(kind: str, key: str) -> str:
    """A list's front page; `kind` is the plural, `key` is empty for the list of all of the kind."""
    return f"{_list(kind, key)}/index.html"


def list_page(kind: str, key: str, page: int) -> str:
    """Page `page` of a list, from 1."""
    return f"{_list(kind, key)}/page/{page}/index.html"


def groups_page(kind: str, page: int) -> str:
    """Page `page` of the groups of a kind; the first is the front."""
    return list_front(kind, "") if page == 1 else list_page(kind, "", page)


def group_page(kind: str, key: str) -> str:
    """The list of one category, author or tag; `kind` is the plural."""
    return list_front(kind, key)


def feed(kind: str, key: str) -> str:
    """The feed of a list; of all workflows it is the site's own."""
    return f"{_list(kind, key)}/feed.xml" if key else "feed.xml"


def _list(kind: str, key: str) -> str:
    """A list's folder; no key takes the name of a file that lies beside the folders."""
    name = path_segment(key)
    return f"{kind}/{name.replace('.', '~2E') if name in _FILES else name}" if key else kind


def package_url(version: PublishedVersion) -> str:
    """The package, from the site's root."""
    return f"{API}/packages/{version.name}/{package_file(version.name, version.number)}"


def json_url(version: PublishedVersion) -> str:
    """The version's WorkflowResource, from the site's root."""
    return f"{API}/workflows/{version.name}/{version.number}.json"


def sbom_url(version: PublishedVersion) -> str:
    """The version's bill of materials, from the site's root."""
    return f"{API}/sboms/{version.name}/{sbom_file(version.name, version.number)}"


def attestation_url(version: PublishedVersion) -> str:
    """The attestation of the version's package, from the site's root."""
    return f"{API}/{PROVENANCE}/{bundle_path(version.name, version.number)}"


def downloads_url(name: str) -> str:
    """A workflow's downloads by week, from the site's root."""
    return f"{API}/workflows/{name}/downloads.json"


def twin(page: str) -> str:
    """A page's Markdown twin."""
    return f"{page.removesuffix('.html')}.md"


def qualifier(kind: str, key: str) -> str:
    """What a search for a list's workflows is narrowed by, percent-encoded: `tag:nlp`."""
    names = {"categories": "category", "authors": "author", "tags": "tag"}
    if kind not in names or not key:
        return ""
    return quote(f'{names[kind]}:"{key}"' if " " in key else f"{names[kind]}:{key}", safe="")


def up(page: str) -> str:
    """The way from a page to the root: `../` for each folder."""
    return "../" * page.count("/")
