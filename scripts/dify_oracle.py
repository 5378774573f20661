#!/usr/bin/env python3
"""What Dify's own engine makes of workflows that our importer is compared on.

The engine is `graphon` (Apache-2.0), for Python 3.12 and 3.13:

    python3.13 -m venv /tmp/graphon
    /tmp/graphon/bin/pip install graphon==0.8.0
    /tmp/graphon/bin/python scripts/dify_oracle.py tests/importers/dify/oracle/*.yml

writes down its outputs; with `--check` it says where they differ from what is written, and exits with 1.

Beside each workflow lies `<name>.runs.json`: a list of `{inputs, answers, outputs}`. A model answers with the
first of `answers` ({what a question holds: answer}) that fits, else with the question in capitals, `[IMAGE]` for
each picture that it shows; an input `{path: …}` is one. Code runs in a
process of its own, without a sandbox: only for workflows of this repository. `tests/importers/dify/test_oracle.py`
reads the files.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from graphon.dsl import code_runtime, loads, node_factory
from graphon.dsl.slim import SlimLLM
from graphon.file.enums import FileTransferMethod, FileType
from graphon.file.models import File
from graphon.file.runtime import use_workflow_file_runtime
from graphon.model_runtime.entities.common_entities import I18nObject
from graphon.model_runtime.entities.llm_entities import (
    LLMResult,
    LLMResultChunk,
    LLMResultChunkDelta,
    LLMUsage,
)
from graphon.model_runtime.entities.message_entities import AssistantPromptMessage
from graphon.model_runtime.entities.model_entities import (
    AIModelEntity,
    FetchFrom,
    ModelFeature,
    ModelType,
)

OPENAI = {
    "type": "marketplace",
    "value": {"marketplace_plugin_unique_identifier": "langgenius/openai:0.0.1@0"},
}
CREDENTIALS = {"model_credentials": [{"vendor": "openai", "values": {"openai_api_key": "none"}}]}


def main() -> int:
    """Asks the engine for every run of every workflow."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--check", action="store_true", help="write nothing, say what differs")
    arguments.add_argument("workflows", nargs="+", type=Path)
    given = arguments.parse_args()
    differs = [path for path in given.workflows if not _judged(path, check=given.check)]
    for path in differs:
        print(f"{path}: the engine gives other outputs than {path.stem}.runs.json says")
    return 1 if differs else 0


def _judged(path: Path, *, check: bool) -> bool:
    file = path.with_suffix(".runs.json")
    runs = json.loads(file.read_text("utf-8"))
    told = [{**run, "outputs": outputs_of(path, run)} for run in runs]
    if check:
        return told == runs
    file.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return True


def outputs_of(path: Path, run: dict[str, Any]) -> Any:
    """The outputs of one run, or `failed`."""
    RecordedModel.answers = run.get("answers", {})
    document = yaml.safe_load(path.read_text("utf-8"))
    document["dependencies"] = [OPENAI]
    inputs = {name: _given(value) for name, value in run.get("inputs", {}).items()}
    last: Any = None
    try:
        with use_workflow_file_runtime(Addresses()):  # type: ignore[arg-type]
            engine = loads(
                json.dumps(document),
                credentials=CREDENTIALS,
                workflow_id="oracle",
                start_inputs=inputs,
            )
            for event in engine.run():
                last = event
    except RuntimeError:  # the engine's own word for a run that failed; it differs from ours
        return "failed"
    return json.loads(json.dumps(last.outputs, default=_plain))


def _given(value: Any) -> Any:
    """An input; `{path: …}` is a picture that the caller uploaded, of which only its name is known here."""
    if isinstance(value, list):
        return [_given(item) for item in value]
    if not isinstance(value, dict) or "path" not in value:
        return value
    path = value["path"]
    return File(
        file_type=FileType.IMAGE,
        transfer_method=FileTransferMethod.REMOTE_URL,
        remote_url=f"https://example.com/{path}",
        filename=path,
        extension=".png",
        mime_type="image/png",
    )


class Addresses:
    """Files are sent by their addresses; nothing is fetched."""

    multimodal_send_format = "url"

    def resolve_file_url(self, *, file: Any, for_external: bool = True) -> str:
        """The address."""
        return str(file.remote_url)


def _plain(value: Any) -> Any:
    return value.to_object() if hasattr(value, "to_object") else str(value)


class RecordedModel(SlimLLM):
    """Answers from the run's file."""

    answers: Mapping[str, str] = {}

    def __init__(self, **settings: Any) -> None:
        self._provider, self._model_name = settings["provider"], settings["model_name"]
        self._parameters, self._stop = dict(settings.get("parameters") or {}), None

    def get_model_schema(self) -> AIModelEntity:
        """A chat model with room enough."""
        return AIModelEntity(
            model=self._model_name,
            label=I18nObject(en_us=self._model_name),
            model_type=ModelType.LLM,
            fetch_from=FetchFrom.PREDEFINED_MODEL,
            features=[ModelFeature.VISION],
            model_properties={"mode": "chat", "context_size": 100000},
        )

    def get_llm_num_tokens(self, prompt_messages: Any) -> int:
        """No limit counts here."""
        return 1

    def invoke_llm(self, *, prompt_messages: Any, stream: bool, **_: Any) -> Any:
        """The first answer that fits, or the question in capitals."""
        question = _text(prompt_messages[-1])
        everything = "\n".join(map(_text, prompt_messages))
        answer = next(
            (text for part, text in self.answers.items() if part in everything), question.upper()
        )
        message = AssistantPromptMessage(content=answer)
        usage = LLMUsage.empty_usage()
        if not stream:
            return LLMResult(
                model=self._model_name,
                prompt_messages=list(prompt_messages),
                message=message,
                usage=usage,
            )
        return self._streamed(message, usage)

    def _streamed(self, message: Any, usage: Any) -> Iterator[LLMResultChunk]:
        delta = LLMResultChunkDelta(index=0, message=message, usage=usage, finish_reason="stop")
        yield LLMResultChunk(model=self._model_name, prompt_messages=[], delta=delta)


def _text(message: Any) -> str:
    content = message.content
    if isinstance(content, str):
        return content
    return "".join(
        part.data if part.type.value == "text" else f"[{part.type.value}]" for part in content or []
    )


class HereClient:
    """Runs the program that a sandbox would be sent."""

    def __init__(self, settings: Any) -> None:
        self._settings = settings

    def run(self, program: Any) -> str:
        """What it prints."""
        done = subprocess.run(
            [sys.executable, "-I", "-c", program.code], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise code_runtime.SandboxCodeExecutionError(done.stderr)
        return done.stdout


node_factory.SlimLLM = RecordedModel
code_runtime._DifySandboxClient = HereClient

if __name__ == "__main__":
    sys.exit(main())
