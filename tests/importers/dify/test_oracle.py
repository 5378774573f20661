"""Imported workflows give what Dify's own engine gave: `scripts/dify_oracle.py` wrote its outputs down.

`--check` asks the engine again, by hand: it needs a newer Python than the tests may ask for.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, OnText
from registry_tool.importers.dify.read import read
from registry_tool.importers.foreign_text import parse_foreign
from tests.engine.small import ScriptedModel
from tests.importers.dify.exports import ran
from tests.security.scanning.files import png

FOLDER = Path(__file__).with_name("oracle")
WORKFLOWS = sorted(FOLDER.glob("*.yml"))


class SeeingModel(ScriptedModel):
    """Reads `[IMAGE]` for each picture that a question shows, as the engine's does."""

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The answer to the last message."""
        last = request.messages[-1]
        words = "[IMAGE]" * len(last.images) + last.content
        return await super().complete(
            replace(request, messages=(replace(last, content=words),)), on_text
        )


@pytest.fixture(scope="module")
def resources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The picture that inputs name."""
    folder = tmp_path_factory.mktemp("resources")
    (folder / "a.png").write_bytes(png())
    return folder


def answering(answers: dict[str, str]) -> ScriptedModel:
    """The recorded answer that fits, else the question in capitals, as the engine was told."""
    return SeeingModel(
        lambda question: next(
            (a for part, a in answers.items() if part in question), question.upper()
        )
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_the_outputs_are_the_engines(path: Path, resources: Path) -> None:
    """Where they are meant to differ, a run says `here` and `why`; `answers_here` answers our prompt."""
    what = read(parse_foreign(path.read_bytes(), path.name)[0], name="oracle")
    for run in json.loads(path.with_suffix(".runs.json").read_text("utf-8")):
        answers = run.get("answers_here", run.get("answers", {}))
        result = ran(what, run["inputs"], answering(answers), resources)
        wanted: Any = run.get("here", run["outputs"])
        given: Any = "failed" if result.error else dict(result.outputs)
        if isinstance(wanted, dict) and isinstance(given, dict):
            wanted = {key: value for key, value in wanted.items() if key != "files"}  # of answers
            given = {key: value for key, value in given.items() if key in wanted}
        assert given == wanted, (run["inputs"], result.error)
