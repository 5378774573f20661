"""Running one git command to its end, and reading what it says."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from registry_tool.core.errors import RegistryError

_INTERRUPTED = 20
"""So many seconds may a command that was under way go on after an interrupt."""
MOST_ERROR_BYTES = 2**16
"""Bytes of what a git command said that are looked at; a remote may say any amount."""


def run_to_completion(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], source: IO[bytes]
) -> subprocess.CompletedProcess[bytes]:
    """Run a command; also an interrupt waits for it a while.

    A push that is killed may have reached the remote, or reach it later: whoever cleans up must find it done or
    not done.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(
        words, cwd=folder, env=environment, stdin=source, stdout=pipe, stderr=pipe
    ) as process:
        try:
            out, err = process.communicate()
        except KeyboardInterrupt:
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=_INTERRUPTED)
            process.kill()
            raise
        return subprocess.CompletedProcess(words, process.returncode, out, err)


def text_of(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape").rstrip("\n")


def error_text(stderr: bytes) -> str:
    """What a command said: its end, where git tells why it failed, from a line's beginning."""
    end = stderr[-MOST_ERROR_BYTES:]
    if len(stderr) > MOST_ERROR_BYTES:
        end = end[
            end.find(b"\n") + 1 :
        ]  # a line without its beginning may hold a credential's half
    return end.decode("utf-8", "replace")


def command_name(words: Sequence[str]) -> str:
    """The command among git's words: what follows its options `-c key=value`."""
    return next(
        word
        for before, word in zip(("", *words), words, strict=False)
        if before != "-c" and not word.startswith("-")
    )


def fill(file: IO[bytes], data: bytes) -> None:
    try:
        file.write(data)
        file.seek(0)
    except OSError as error:
        raise RegistryError(
            f"can't be written: {error.strerror}",
            location=tempfile.gettempdir(),
            hint="make room on the disk",
        ) from None
