"""The child that keeps a folder in step with a branch: each time the branch has moved, the output is patched.

A process of its own, so that answering requests never waits for rendering pages.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from registry_tool.commands.maintain.build import build_source, with_deployed
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.children import start_python
from registry_tool.core.errors import RegistryError
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository

if TYPE_CHECKING:
    from subprocess import Popen

MODULE = "registry_tool.commands.live.keep_output"
_PAUSE = 1.0


def keep_in_step(
    branch: Branch,
    out: Path,
    base_url: str,
    goes_on: Callable[[], bool],
    report: Callable[[str], None],
) -> None:
    """Build whatever commit the branch has, again until `goes_on` says no (it may wait before it answers)."""
    shown = ""
    while True:
        try:
            tip = branch.tip()
            if tip != shown:
                build_commit(branch.repository, tip, out, base_url)
                shown = tip
                report(tip)
        except RegistryError as error:
            report(f"error: {error}")
        if not goes_on():
            return


def build_commit(repository: Repository, commit: str, out: Path, base_url: str) -> None:
    """Bring the folder to the output of one commit."""
    root = Path(repository.location)
    source = OutputSource(GitTree(repository, commit), commit, commit, base_url)
    build_source(with_deployed(source, root), out, root)


def start_keeper(root: Path, branch: str, remote: str, out: Path, base_url: str) -> Popen[bytes]:
    """The child; it ends when its standard input does, so that it never outlives who started it."""
    return start_python(MODULE, str(root), branch, remote, str(out), base_url)


def main(words: list[str]) -> None:
    """`ROOT BRANCH REMOTE OUT BASE_URL`: each commit is printed once its output stands."""
    root, branch, remote, out, base_url = words

    def parent_is_there() -> bool:
        from select import select

        ready, _, _ = select([sys.stdin], [], [], _PAUSE)
        return not ready

    keep_in_step(
        Branch(Repository(Path(root)), branch, remote),
        Path(out),
        base_url,
        parent_is_there,
        lambda text: print(text, flush=True),
    )


if __name__ == "__main__":
    main(sys.argv[1:])
