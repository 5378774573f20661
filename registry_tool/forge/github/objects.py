"""Git's objects and branches without a clone: https://docs.github.com/rest/git."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.fields import text
from registry_tool.forge.github.http import GitHubHttp

_UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class GitHubObjects:
    """The objects of `owner/name`. They are named by their content, so that made twice is as good as once."""

    http: GitHubHttp
    repository: str

    def blob(self, data: bytes) -> str:
        """POST …/git/blobs: a file's id."""
        encoded = base64.b64encode(data).decode()
        return self._make("blobs", {"content": encoded, "encoding": "base64"})

    def tree(self, blobs: Mapping[str, str | None], base: str = "") -> str:
        """POST …/git/trees: the id of the tree `base` but for these files, by their paths; None removes one."""
        entries: list[Value] = [
            {"path": path, "mode": "100644", "type": "blob", "sha": blobs[path]}
            for path in sorted(blobs)
        ]
        return self._make("trees", {"tree": entries, **({"base_tree": base} if base else {})})

    def commit(self, tree: str, parents: tuple[str, ...], message: str) -> str:
        """POST …/git/commits: a commit's id; its author is whose token it is."""
        return self._make("commits", {"message": message, "tree": tree, "parents": [*parents]})

    def tree_of(self, commit: str) -> str:
        """GET …/git/commits/{commit_sha}: its tree, empty where the repository has no such commit."""
        found = self.http.find(f"{self._base}/commits/{quote(commit, safe='')}")
        tree = (found or {}).get("tree")
        return text(tree, "sha") if isinstance(tree, dict) else ""

    def read_blob(self, sha: str) -> bytes:
        """GET …/git/blobs/{file_sha}: a file's bytes."""
        found = self.http.get(f"{self._base}/blobs/{quote(sha, safe='')}")
        return decoded(found, sha)

    def tip(self, branch: str) -> str:
        """GET …/git/ref/heads/{branch}: its commit, empty where there is no such branch."""
        found = self.http.find(f"{self._base}/ref/{quote(f'heads/{branch}', safe='')}")
        target = (found or {}).get("object")
        return text(target, "sha") if isinstance(target, dict) else ""

    def create_branch(self, branch: str, commit: str) -> None:
        """POST …/git/refs; fine where it is there with this commit, as after an answer that was lost."""
        body: Object = {"ref": f"refs/heads/{branch}", "sha": commit}
        try:
            self.http.post(f"{self._base}/refs", body, resend=True)
        except GitHubRefusedError as error:
            if error.status != _UNPROCESSABLE or self.tip(branch) != commit:
                raise

    def move_branch(self, branch: str, commit: str) -> None:
        """PATCH …/git/refs/heads/{branch}: never back, so that nobody's commit is lost."""
        path = f"{self._base}/refs/{quote(f'heads/{branch}', safe='')}"
        self.http.patch(path, {"sha": commit, "force": False})

    @property
    def _base(self) -> str:
        return f"/repos/{self.repository}/git"

    def _make(self, kind: str, body: Object) -> str:
        made = self.http.post(f"{self._base}/{kind}", body, resend=True)
        sha = text(made or {}, "sha")
        if not sha:
            raise RegistryError(f"GitHub's answer names no object ({kind})")
        return sha


def decoded(found: Object, location: str) -> bytes:
    """The bytes in an answer with `content` and `encoding`."""
    content = found.get("content")
    if found.get("encoding") != "base64" or not isinstance(content, str):
        raise NotFoundError("GitHub gives no content for this file", location=location)
    try:
        return base64.b64decode(content.replace("\n", ""), validate=True)
    except binascii.Error:
        raise RegistryError("the content is not base64", location=location) from None
