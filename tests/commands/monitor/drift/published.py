"""A workflow whose answers are recorded, and a model that may have changed since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from registry_tool.commands.monitor.drift.drift import Checked, check_drift
from registry_tool.state.target import Target
from tests.forge.fault_server import Reply

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  name: mood
  version: "1.0.0"
  author: ada@example.com
  description: Says how a text feels
  category: text
  license: MIT
  updated: "2024-01-01T00:00:00Z"
spec:
  blocks: [{ id: text, type: text }, { id: label, type: text }]
  edges:
    - id: ask
      source: text
      target: label
      type: llm
      config: { prompt: "How does this feel? {{text}}", max_tokens: 400 }
  interface:
    inputs: [{ name: text, type: string, required: true }]
    outputs: [{ name: label, type: string }]
  tests:
    - name: a good day
      inputs: { text: What a lovely day }
      assert: [{ type: icontains, value: "HAPPY" }]
SECURITY
"""


def said(text: str, model: str = "gpt-4o-mini-2024-07-18", tokens: int = 3) -> Reply:
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": text},
    }
    usage = {"prompt_tokens": 9, "completion_tokens": tokens, "total_tokens": 9 + tokens}
    return Reply(
        200, {"object": "chat.completion", "model": model, "choices": [choice], "usage": usage}
    )


Publish = Callable[..., Target]


def look(target: Target, **how: Any) -> Checked:
    [checked] = check_drift(target, "development", provider="openai", **how)
    return checked
