"""Manual pages: one of every command, which the real `man` shows without a warning."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from registry_tool.cli.man import pages_of
from tests.cli.typed import run
from tests.cli.walking import PROGRAMS, every_command


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_command_has_a_page_with_its_options_and_its_example(program: str) -> None:
    pages = dict(pages_of(PROGRAMS[program], program))
    for words, command in every_command():
        if words[0] != program:
            continue
        text = pages[f"{'-'.join(words)}.1"].replace("\\-", "-")
        assert ".SH EXAMPLES\n" in text, words
        for option in (one for one in command.params if one.param_type_name == "option"):
            assert max(option.opts, key=len) in text, words
    assert pages == dict(pages_of(PROGRAMS[program], program))


def test_pages_are_written_again_and_nothing_else_is_replaced(tmp_path: Path) -> None:
    for _ in range(2):
        done = run(tmp_path, "puppy-cli", "man", "pages", "--format", "json")
        assert done.returncode == 0, done.stderr
        assert sorted(json.loads(done.stdout)["written"]) == sorted(
            page.name for page in (tmp_path / "pages").iterdir()
        )
    own = tmp_path / "pages/puppy-cli-run.1"
    own.write_text("mine")
    done = run(tmp_path, "puppy-cli", "man", "pages")
    assert done.returncode == 2
    assert "puppy-cli-run.1" in done.stderr
    assert own.read_text() == "mine"


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed (apt-get install man-db)")
def test_the_real_man_shows_a_page_without_a_warning(tmp_path: Path) -> None:
    pages = dict(pages_of(PROGRAMS["puppy-cli"], "puppy-cli"))
    for name in ("puppy-cli.1", "puppy-cli-run.1"):
        file = tmp_path / name
        file.write_text(pages[name])
        words = ["man", "--warnings=w", "-l", str(file)]
        # Without man's own filter of system calls: it refuses what is preloaded on another day (shared memory).
        env = {
            **os.environ,
            "MANPAGER": "cat",
            "MANWIDTH": "80",
            "LC_ALL": "C.UTF-8",
            "MAN_DISABLE_SECCOMP": "1",
        }
        done = subprocess.run(words, env=env, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        assert "EXAMPLES" in done.stdout
        assert (
            "puppy-cli run sentiment-analysis --input" in done.stdout.replace("‐", "-")
            or name == "puppy-cli.1"
        )
