"""Workflows of another editor as scripts: they give what that editor's engine gave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.author.python_script.script import script_of
from registry_tool.commands.author.python_script.site import NotExportedError
from registry_tool.importers.dify.read import read
from registry_tool.importers.foreign_text import parse_foreign
from registry_tool.manifest.load import workflow_from
from tests.importers.dify.test_oracle import WORKFLOWS


def answering(answers: dict[str, str]) -> Any:
    """A stand-in for the script's way to a model: the recorded answer that fits, else the question in capitals."""

    def chat(body: Any, *_: Any) -> str:
        question = body["messages"][-1]["content"]
        return next((a for part, a in answers.items() if part in question), question.upper())

    return chat


SEEING = {"vision"}
"""Those that show pictures, which no script does."""


@pytest.mark.parametrize("path", [w for w in WORKFLOWS if w.stem in SEEING], ids=lambda p: p.stem)
def test_pictures_are_refused(path: Path) -> None:
    manifest = read(parse_foreign(path.read_bytes(), path.name)[0], name="oracle").manifest
    with pytest.raises(NotExportedError, match="shows the model pictures"):
        script_of(workflow_from(manifest, ""))


@pytest.mark.parametrize(
    "path", [w for w in WORKFLOWS if w.stem not in SEEING], ids=lambda path: path.stem
)
def test_a_script_gives_what_the_editors_engine_gave(path: Path) -> None:
    manifest = read(parse_foreign(path.read_bytes(), path.name)[0], name="oracle").manifest
    code = compile(script_of(workflow_from(manifest, ""))[0], "script.py", "exec")
    for run in json.loads(path.with_suffix(".runs.json").read_text("utf-8")):
        names: dict[str, Any] = {"__name__": "script"}
        exec(code, names)  # noqa: S102 - our own workflows
        names["chat"] = answering(run.get("answers_here", run.get("answers", {})))
        wanted = run.get("here", run["outputs"])
        if wanted == "failed":
            with pytest.raises(ValueError, match=r"."):
                names["run"](**run["inputs"])
            continue
        given = names["run"](**run["inputs"])
        assert {key: given.get(key) for key in wanted if key != "files"} == {
            key: value for key, value in wanted.items() if key != "files"
        }
