"""Large requests travel by their digest: on the branch `requests/<correlation id>` as `<hex>.json`, read once.

GitHub bounds the inputs of a dispatch; git carries what is larger. Who reads a request removes its branch.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from registry_tool.commands.requests.request import Blobs
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.files import canonical_json
from registry_tool.core.values import Object
from registry_tool.store.branch import FETCHED, Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.state.home import state_remote

LONGEST_INLINE = 60_000
"""Characters of a request that still fit into a dispatch beside its other inputs."""
LARGEST = 10 * 2**20
"""Bytes of a request."""
_CORRELATION = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def checked_correlation_id(text: str) -> str:
    """An id that may name a branch and a run; `UsageError` for another."""
    if not _CORRELATION.fullmatch(text):
        raise UsageError(
            f"{text[:80]!r} is not a correlation id of a request",
            hint="take up to 64 small letters, digits and hyphens, or leave it out",
        )
    return text


def branch_of(correlation_id: str) -> str:
    """The branch that carries a request."""
    return f"requests/{checked_correlation_id(correlation_id)}"


def packed(request: Object) -> tuple[str, bytes]:
    """What a dispatch holds, and the file that goes before it (empty where the request fits).

    `UsageError` for a request over `LARGEST` bytes.
    """
    data = canonical_json(request)
    if len(data) > LARGEST:
        raise UsageError(
            f"the request has {len(data)} bytes, more than {LARGEST}",
            hint="put large data where the workflow can load it, and send its address",
        )
    if len(data) <= LONGEST_INLINE:
        return data.decode(), b""
    return canonical_json({"blob": f"sha256:{_hex(data)}"}).decode(), data


def blob_file(data: bytes) -> str:
    """The name of a request's file."""
    return f"{_hex(data)}.json"


def _hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def blobs_of(root: Path, remote: str, correlation_id: str, *, keep: bool = False) -> Blobs:
    """Reads a request from its branch at the state's home, or on a named `remote`, and checks it.

    The branch is removed then, unless somebody after this reader still needs it (`keep`).
    """

    def read(digest: str) -> bytes:
        repository = Repository(root)
        home = state_remote(repository, remote)
        branch = Branch(repository, branch_of(correlation_id), home)
        tip = branch.tip()
        if not tip:
            raise NotFoundError(
                f"there is no branch {branch.name}",
                location=home or repository.location,
                hint="a request by its digest is read once: ask again with a new one",
            )
        data = _checked(GitTree(repository, tip), digest, branch.name)
        if not keep:
            _remove(branch, tip)
        return data

    return read


def _checked(files: GitTree, digest: str, location: str) -> bytes:
    path = f"{digest.removeprefix('sha256:')}.json"
    if files.mode(path) != "100644":
        raise NotFoundError("the branch has no such request", location=f"{location}:{path}")
    if files.size(path) > LARGEST:
        raise RegistryError(
            f"the request has more than {LARGEST} bytes", location=f"{location}:{path}"
        )
    data = files.read(path)
    if f"sha256:{_hex(data)}" != digest:
        raise RegistryError("the request does not have this digest", location=f"{location}:{path}")
    return data


def _remove(branch: Branch, tip: str) -> None:
    """Nobody finds the request any more: neither on the remote nor here."""
    repository, ref = branch.repository, f"refs/heads/{branch.name}"
    if branch.remote:
        if not repository.push(branch.remote, "", ref, tip):
            raise RegistryError(
                "the request's branch changed while it was read", location=branch.name
            )
        ref = f"{FETCHED}/{branch.remote}/{branch.name}"
    repository.run("update-ref", "-d", ref, tip)
