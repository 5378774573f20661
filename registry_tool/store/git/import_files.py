"""Many files as one tree, by `git fast-import`: one pack, not a loose object each (git-fast-import(1))."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Final

from registry_tool.store.git.errors import GitError

_REF: Final = "refs/heads/imported"
_HEAD: Final = (
    f"feature done\ncommit {_REF}\nmark :1\ncommitter registry-tool <registry-tool> 0 +0000\n"
    "data 0\ndeleteall\n"
)


def import_files(
    files: Iterable[tuple[str, bytes]], environment: Mapping[str, str], location: str
) -> str:
    """Store files below a clone's objects; the id of a commit of theirs, which no reference names.

    `environment` is a git folder of its own that borrows the objects (git/environment.py). `GitError` where git
    doesn't take them.
    """
    with TemporaryDirectory(prefix="registry-git-") as folder, TemporaryFile() as errors:
        marks = Path(folder) / "marks"
        words = ("git", "fast-import", "--quiet", "--force", "--done", f"--export-marks={marks}")
        with subprocess.Popen(
            words, env=environment, stdin=subprocess.PIPE, stderr=errors
        ) as process:
            stream = process.stdin
            if stream is not None:
                _send(stream, files)
        if process.returncode:
            errors.seek(0)
            raise GitError("fast-import", errors.read().decode("utf-8", "replace"), location)
        return marks.read_text("ascii").split()[1]


def _send(stream: IO[bytes], files: Iterable[tuple[str, bytes]]) -> None:
    try:
        stream.write(_HEAD.encode())
        for path, content in files:
            stream.write(b"M 100644 inline %s\ndata %d\n" % (_quoted(path), len(content)))
            stream.write(content + b"\n")
        stream.write(b"done\n")
        stream.close()
    except BrokenPipeError:  # it has ended; what it said is shown
        return


def _quoted(path: str) -> bytes:
    """A path as C would spell it in quotes."""
    plain = path.encode("utf-8", "surrogateescape")
    escaped = plain.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'
