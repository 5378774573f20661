"""Which branches there are."""

from __future__ import annotations

from registry_tool.store.git import Repository

_HEADS = "refs/heads/"


def branch_names(repository: Repository, pattern: str, remote: str = "") -> list[str]:
    """Names of the branches that fit a pattern such as `runs-*`, here or on a remote, sorted."""
    ref = f"{_HEADS}{pattern}"
    if remote:
        lines = repository.ask_remote(remote, "ls-remote", "--refs", remote, ref)
        refs = [line.split("\t", 1)[1] for line in lines.decode().splitlines()]
    else:
        refs = repository.text("for-each-ref", "--format=%(refname)", ref).splitlines()
    return sorted(name.removeprefix(_HEADS) for name in refs)
