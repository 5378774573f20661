"""Files without a clone: https://docs.github.com/rest/repos/contents and https://docs.github.com/rest/git."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.fields import text
from registry_tool.forge.github.http import GitHubHttp


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
        if found is None:
            return None
        content = found.get("content")
        if found.get("encoding") != "base64" or not isinstance(content, str):
            raise RegistryError(
                "GitHub gives no content for this file", location=f"{branch}:{path}"
            )
        try:
            return base64.b64decode(content.replace("\n", ""), validate=True)
        except binascii.Error:
            raise RegistryError("the content is no base64", location=f"{branch}:{path}") from None

    def add_branch(self, branch: str, files: Mapping[str, bytes], message: str) -> None:
        """A branch of one commit without parents: blobs, tree, commit, then the ref that makes it seen."""
        tree = self._make("trees", {"tree": [self._entry(*file) for file in sorted(files.items())]})
        commit = self._make("commits", {"message": message, "tree": tree, "parents": []})
        ref = {"ref": f"refs/heads/{branch}", "sha": commit}
        try:
            self.http.post(f"/repos/{self.repository}/git/refs", cast(Object, ref), resend=True)
        except GitHubRefusedError as error:
            # An answer that was lost looks like a rival on the second attempt.
            if error.status != 422 or self._tip(branch) != commit:
                raise

    def _entry(self, path: str, data: bytes) -> Value:
        encoded = base64.b64encode(data).decode()
        blob = self._make("blobs", {"content": encoded, "encoding": "base64"})
        return {"path": path, "mode": "100644", "type": "blob", "sha": blob}

    def _make(self, kind: str, body: Object) -> str:
        """POST …/git/{kind}; objects are named by their content, so that twice is as good as once."""
        made = self.http.post(f"/repos/{self.repository}/git/{kind}", body, resend=True)
        sha = text(made or {}, "sha")
        if not sha:
            raise RegistryError(f"GitHub's answer names no object ({kind})")
        return sha

    def _tip(self, branch: str) -> str:
        found = self.http.find(
            f"/repos/{self.repository}/git/ref/{quote(f'heads/{branch}', safe='')}"
        )
        target = (found or {}).get("object")
        return text(target, "sha") if isinstance(target, dict) else ""
