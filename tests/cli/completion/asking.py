"""What a shell gets that asks, by click's protocol."""

from __future__ import annotations

import os
from pathlib import Path

from tests import forked


def completed(folder: Path, line: str, shell: str = "zsh", **environment: str) -> list[str]:
    """The words that a shell would offer at the end of a line, with their descriptions left out."""
    words = line.split(" ")
    program = words[0]
    ended = forked.run(
        [program],
        cwd=folder,
        env={
            **os.environ,
            "COMP_WORDS": line,
            "COMP_CWORD": words[-1] if shell == "fish" else str(len(words) - 1),
            f"_{program.replace('-', '_')}_COMPLETE".upper(): f"{shell}_complete",
            "PUPPY_COMPLETION_SECONDS": "60",
            **environment,
        },
    )
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stderr
    lines = ended.stdout.splitlines()
    if shell == "zsh":
        return [value.replace(r"\:", ":") for value in lines[1::3]]
    return [one.partition(",")[2].partition("\t")[0] for one in lines if one]
