"""`puppy-cli init` as an author types it: by flags, and by answers on a terminal."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from registry_tool.commands.author.project_template import TEMPLATES
from registry_tool.manifest.load import load_file
from registry_tool.manifest.model import Metadata
from tests.bounded import PATIENCE
from tests.cli.typed import run

PUPPY = str(Path(sys.executable).with_name("puppy-cli"))


def metadata(project: Path) -> Metadata:
    return load_file(project / "workflow-resource.yaml").workflow.metadata


def test_the_list_names_each_template_with_a_line(tmp_path: Path) -> None:
    output = run(tmp_path, "puppy-cli", "init", "--list").stdout.splitlines()
    assert [line.split()[0] for line in output] == list(TEMPLATES)
    assert len(output) >= 12
    listed = json.loads(run(tmp_path, "puppy-cli", "init", "--list", "--format", "json").stdout)
    assert [one["name"] for one in listed["templates"]] == list(TEMPLATES)
    assert all(
        one["description"] in line for one, line in zip(listed["templates"], output, strict=True)
    )
    assert list(tmp_path.iterdir()) == []


def test_flags_say_everything(tmp_path: Path) -> None:
    words = ["--description", "Mine alone", "--author", "Ada", "--license", "Apache-2.0"]
    done = run(
        tmp_path, "puppy-cli", "init", "mine", "-t", "route", *words, "--yes", "--format", "json"
    )
    document = json.loads(done.stdout)
    assert document["project"] == "mine"
    assert "mine/workflow-resource.yaml" in document["files"]
    assert document["next"][0] == "cd mine"
    known = metadata(tmp_path / "mine")
    assert (known.description, known.author, known.license) == ("Mine alone", "Ada", "Apache-2.0")


def test_git_knows_the_author(tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\n\temail = ada@example.com\n")
    run(
        tmp_path,
        "puppy-cli",
        "init",
        "mine",
        HOME=str(tmp_path),
        GIT_CONFIG_GLOBAL=str(tmp_path / ".gitconfig"),
    )
    assert metadata(tmp_path / "mine").author == "ada@example.com"


@pytest.mark.parametrize(
    ("words", "expected", "hint"),
    [
        ([], "Missing argument 'NAME'", "--help"),
        (["mine", "-t", "agnet"], "there is no template 'agnet'", "did you mean 'agent'?"),
        (["Mine"], "must be lower-case", "such as my-workflow"),
        (["mine", "--license", "Apache 2"], "is not an SPDX licence", "did you mean Apache-2.0"),
        (["full"], "the folder is not empty (notes.txt)", "name a new folder with -o"),
    ],
)
def test_what_is_wrong_is_reported_with_the_way_out(
    tmp_path: Path, words: list[str], expected: str, hint: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/notes.txt").write_text("mine")
    done = run(tmp_path, "puppy-cli", "init", *words)
    assert done.returncode == 2
    assert expected in done.stderr
    assert hint in done.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "notes.txt"]


INTERRUPT = "\x03"
"""Ctrl-C, which the terminal makes a signal of."""


OWN_TERMINAL = "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])"
"""Runs a command that its standard input's terminal sends Ctrl-C to."""


def on_a_terminal(folder: Path, answers: list[tuple[str, str]]) -> tuple[int, str]:
    """How `init` ended where somebody gave each answer as soon as its question stood there; and what it showed."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "HOME": str(folder), "TERM": "dumb"}
    process = subprocess.Popen(
        [sys.executable, "-c", OWN_TERMINAL, PUPPY, "init"],
        cwd=folder,
        env=env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown, seen, left, pressed = "", 0, list(answers), ""
    while piece := _read(ours, "" if "interrupted" in shown else pressed):
        shown += piece
        while left and left[0][0] in shown[seen:]:
            question, answer = left.pop(0)
            seen = shown.index(question, seen) + len(question)
            pressed = answer if answer == INTERRUPT else ""
            os.write(ours, pressed.encode() or f"{answer}\n".encode())
    os.close(ours)
    if process.poll() is None and left:
        process.kill()
    return process.wait(), shown


def _read(terminal: int, pressed: str) -> str:
    """What is shown next; nothing at the end, or where nothing comes.

    Ctrl-C that comes between a question and the wait for its answer is noted, and lost until the next key: it is
    pressed again, as people do.
    """
    pause = 0.5 if pressed else PATIENCE
    with suppress(OSError):  # the program's end closed the terminal
        for _ in range(int(PATIENCE / pause)):
            ready, _, _ = select.select([terminal], [], [], pause)
            if ready:
                return os.read(terminal, 4096).decode()
            os.write(terminal, pressed.encode())
    return ""


@pytest.mark.e2e
def test_on_a_terminal_it_asks_for_what_no_option_says(tmp_path: Path) -> None:
    answers = [
        ("Name:", "Not a name"),
        ("Name:", "mine"),
        ("Template [text]:", "clasify"),
        ("Template [text]:", "classify"),
        ("Description [", ""),
        ("Author [", "Ada"),
        ("Licence (SPDX) [", "nonsense"),
        ("Licence (SPDX) [", "Apache-2.0"),
    ]
    code, shown = on_a_terminal(tmp_path, answers)
    assert code == 0, shown
    assert "must be lower-case" in shown
    assert "did you mean 'classify'?" in shown
    assert "is not an SPDX licence" in shown
    known = metadata(tmp_path / "mine")
    assert (known.author, known.license) == ("Ada", "Apache-2.0")
    assert known.description == "Sorts a message into one of your categories"


@pytest.mark.e2e
def test_an_interrupt_at_a_question_leaves_nothing(tmp_path: Path) -> None:
    code, shown = on_a_terminal(tmp_path, [("Name:", "mine"), ("Template [text]:", INTERRUPT)])
    # A second Ctrl-C, pressed because the first one seemed to be lost, may end it on its way out: by the signal.
    assert code in {130, -signal.SIGINT}, shown
    assert "Traceback" not in shown
    assert list(tmp_path.iterdir()) == []
