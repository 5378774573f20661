"""A shell that asks is answered in time, and without the commands' imports."""

from __future__ import annotations

import subprocess
import sys

from registry_tool.cli.completion.answer import LONGEST, asked, longest, variable_of


def test_only_a_shells_question_is_one() -> None:
    assert variable_of("registry-tool") == "_REGISTRY_TOOL_COMPLETE"
    assert not asked("puppy-cli", {"_PUPPY_CLI_COMPLETE": ""})
    assert asked("puppy-cli", {"_PUPPY_CLI_COMPLETE": "zsh_complete"})
    assert 0 < LONGEST < 2
    assert longest({"PUPPY_COMPLETION_SECONDS": "60"}) == 60
    assert longest({"PUPPY_COMPLETION_SECONDS": "soon"}) == longest({}) == LONGEST


def test_an_answer_that_takes_too_long_is_none_and_no_error() -> None:
    program = (
        "from registry_tool.cli.completion.answer import end_after; import os; "
        "end_after(0.01); r, w = os.pipe(); os.read(r, 1); print('went on')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
