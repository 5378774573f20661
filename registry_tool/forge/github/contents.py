"""Files without a clone: https://docs.github.com/rest/repos/contents and https://docs.github.com/rest/git."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.github.objects import GitHubObjects, decoded


@dataclass(frozen=True, slots=True)
class GitHubContents:
    """The files of `owner/name`."""

    http: GitHubHttp
    repository: str

    def read(self, branch: str, path: str) -> bytes | None:
        """A file of at most 1 MB (GitHub's limit here), None where there is no such branch or file."""
        found = self.http.find(
            f"/repos/{self.repository}/contents/{quote(path, safe='')}?ref={quote(branch, safe='')}"
        )
        return None if found is None else decoded(found, f"{branch}:{path}")

    def add_branch(self, branch: str, files: Mapping[str, bytes], message: str) -> None:
        """A branch of one commit without parents: blobs, tree, commit, then the ref that makes it seen."""
        objects = GitHubObjects(self.http, self.repository)
        tree = objects.tree({path: objects.blob(files[path]) for path in sorted(files)})
        objects.create_branch(branch, objects.commit(tree, (), message))
