"""Releases: https://docs.github.com/rest/releases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from registry_tool.forge.github.fields import number, objects, text
from registry_tool.forge.github.http import GitHubHttp

_A_PAGE: Final = 100
_PAGES: Final = 100  # GitHub lists 10,000 releases


@dataclass(frozen=True, slots=True)
class GitHubReleases:
    """The releases of `owner/name`."""

    http: GitHubHttp
    repository: str

    def downloads(self) -> dict[str, int]:
        """How often each file was downloaded, by its name, in all releases together."""
        found: dict[str, int] = {}
        for name, count in self._assets():
            found[name] = found.get(name, 0) + count
        return found

    def _assets(self) -> Iterator[tuple[str, int]]:
        """GET …/releases, page by page."""
        for page in range(1, _PAGES + 1):
            path = f"/repos/{self.repository}/releases?per_page={_A_PAGE}&page={page}"
            listed = self.http.get_list(path)
            for release in listed:
                for asset in objects(release, "assets"):
                    yield text(asset, "name"), number(asset, "download_count")
            if len(listed) < _A_PAGE:
                return
