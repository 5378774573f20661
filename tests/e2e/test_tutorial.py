"""The tutorial, line by line: every command that it shows, and what it shows of its output."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import forked
from tests.forge.stand_in.repositories import Repository
from tests.forge.stand_in.server import Person, StandIn, stand_in

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs/tutorial.md"
TOKEN = "gho_of-ada-0123456789"
NAME = "puppyai/workflow-registry"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_DIFFERS = (
    (re.compile(r"\d+\.\d\d s\b"), "N s"),
    (re.compile(r"exec-[0-9a-f]{12}"), "exec-N"),
    (re.compile(r"sha256:[0-9a-f]{64}"), "sha256:N"),
    (re.compile(r"\d+ bytes"), "N bytes"),
    (re.compile(r"\d+ checks"), "N checks"),
    (re.compile(r"\$0\.\d+"), "$N"),
)


def stable_lines(text: str) -> list[str]:
    """The lines of an output without what differs from run to run."""
    for pattern, word in _DIFFERS:
        text = pattern.sub(word, text)
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def assert_shown(lines: list[str], shown: list[str], command: str) -> None:
    """A line of `…` stands for any lines to come, one that ends with it for a longer line."""
    left = [] if shown[-1:] == ["…"] else lines[len(shown) :]
    assert left == [], command
    for line, wanted in zip(lines, [one for one in shown if one != "…"], strict=False):
        begins = wanted.endswith(" …") and line.startswith(wanted.removesuffix("…"))
        assert begins or line == wanted, command
    assert len(lines) >= len([one for one in shown if one != "…"]), command


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[StandIn]:
    """Of which this registry is a repository, and ada may not push to it."""
    clone, bare = tmp_path / "home/workflow-registry", tmp_path / "bare.git"
    for part in ("registry", "indexes"):
        shutil.copytree(ROOT / part, clone / part)
    git = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "gc.auto=0")
    for words in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-qm", "Begin")):
        subprocess.run([*git, *words], cwd=clone, check=True)
    subprocess.run([*git, "clone", "-q", "--bare", ".", str(bare)], cwd=clone, check=True)
    (tmp_path / "forge").mkdir()
    with stand_in(tmp_path / "forge") as running:
        running.repositories[NAME] = Repository(NAME, bare, {"puppyai"})
        running.people[TOKEN] = Person("ada", 1001)
        yield running


class Reader:
    """Somebody at a terminal in an empty home, who does what the page says."""

    def __init__(self, home: Path, forge: StandIn) -> None:
        self.home, self.folder = home, home
        self._host = forge.host
        self.env = {
            **{key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ},
            **forge.environment(),
            "HOME": str(home),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }

    def put(self, text: str) -> None:
        """A file whose first line is a comment with its path, copied as it stands."""
        path = text.partition("\n")[0].removeprefix("# ")
        (self.folder / path).write_text(text, "utf-8")

    def say(self, line: str) -> str:
        """What a line prints, standard error last, with the forge's and the home's usual names."""
        line, _, given = line.partition(" < ")
        words = shlex.split(line)
        if words[0] == "cd":
            self.folder /= words[1]
            return ""
        text = (self.folder / given).read_text() if given else ""
        out = self._forked(words, text) if words[0] == "puppy-cli" else self._started(words)
        for host in (self._host.replace(":", "%3A"), self._host, "github.example"):
            out = out.replace(host, "github.com")
        return out.replace(str(self.home), "/home/ada")

    def _forked(self, words: list[str], text: str) -> str:
        done = forked.run(words, cwd=self.folder, env=self.env, text=text)
        return f"{done.stdout}\n{done.stderr}"

    def _started(self, words: list[str]) -> str:
        words = [sys.executable if words[0] == "python" else words[0], *words[1:]]
        done = subprocess.run(
            words, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False
        )
        return f"{done.stdout}\n{done.stderr}"


def test_every_line_does_what_the_page_shows(tmp_path: Path, forge: StandIn) -> None:
    (tmp_path / "home/token").write_text(TOKEN)
    reader = Reader(tmp_path / "home", forge)
    shown = 0
    for language, text in _BLOCK.findall(TUTORIAL.read_text("utf-8")):
        if text.startswith("# ") and language in {"yaml", "python"}:
            reader.put(text)
        elif language == "console":
            for command, expected in re.findall(
                r"^\$ (.*)\n((?:[^$].*\n|\n)*)", text, re.MULTILINE
            ):
                shown += 1
                assert_shown(stable_lines(reader.say(command)), stable_lines(expected), command)
    assert shown == TUTORIAL.read_text("utf-8").count("\n$ ") > 15
    assert len(forge.pulls(NAME)) == 1
