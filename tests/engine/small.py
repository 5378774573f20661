"""Small workflows for tests of the engine, written as an author would write them, and models that do as told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from registry_tool.core.values import Object
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, OnText, Usage
from registry_tool.engine.run import RunResult, RunSettings, run
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Workflow

HEAD = (
    'apiVersion: puppyai.com/v1\nkind: Workflow\nmetadata: { name: t, version: "1.0.0" }\nspec:\n'
)
ASK = """
  blocks: [{ id: question, type: text }, { id: answer, type: text }]
  edges:
    - { id: ask, source: question, target: answer, type: llm, config: { prompt: "{{question}}"CONFIG } }
  interface:
    inputs: [{ name: question, required: true }]
    outputs: [{ name: answer }]
"""


def workflow(spec: str) -> Workflow:
    """A workflow of a spec."""
    return load(HEAD + spec, "t.yaml").workflow


def asking(config: str = "") -> Workflow:
    """One question to a model; `config` is more of the edge's configuration."""
    return workflow(ASK.replace("CONFIG", f", {config}" if config else ""))


def go(flow: Workflow, inputs: Object | None = None, **settings: Any) -> RunResult:
    """One run."""
    return asyncio.run(run(flow, inputs or {}, RunSettings("exec-1", **settings)))


class ScriptedModel:
    """Says what a function of the question makes of it; counts questions and those in flight."""

    name = "told"

    def __init__(
        self,
        answer: Callable[[str], str] = str.upper,
        seconds: float = 0.0,
        *,
        waits: Callable[[str], bool] | None = None,
    ) -> None:
        """`seconds` each answer takes; those for which `waits` is true come never."""
        self._answer, self._seconds, self._waits = answer, seconds, waits
        self.asked: list[str] = []
        self.requests: list[ModelRequest] = []
        self.active = self.most = 0

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The function's answer; whatever it raises is raised."""
        question = request.messages[-1].content
        self.asked.append(question)
        self.requests.append(request)
        self.active += 1
        self.most = max(self.most, self.active)
        try:
            if self._waits and self._waits(question):
                await asyncio.Event().wait()
            await asyncio.sleep(self._seconds)
            text = self._answer(question)
        finally:
            self.active -= 1
        if on_text:
            on_text(text)
        return ModelAnswer(text, "told-1", Usage(3, 2, 1))

    async def aclose(self) -> None:
        """Nothing is open."""
