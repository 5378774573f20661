"""Which models answered a run, where they are others than those that were asked for."""

from __future__ import annotations

import re
from dataclasses import replace

from registry_tool.engine import events
from registry_tool.engine.events import Event
from registry_tool.engine.settings import RunResult

_BEHIND = re.compile(
    r"(?:[-:@_.](?:\d{2,8}|\d{4}-\d\d-\d\d|\d+(?:\.\d+)?b|latest|q\d\w*|f16|bf16|fp16|gguf))*"
)
"""What servers put behind a model's name: a date, a size, `latest`, a quantisation."""


def same_model(requested: str, answered: str) -> bool:
    """Whether a server's name for a model means the asked one: `openai/gpt-4-0613` is `gpt-4`, `gpt-4o` is not.

    Servers add a maker in front and a date, a size or a quantisation behind; a server that names none is believed.
    """
    one, other = (name.lower().rpartition("/")[2] for name in (requested, answered))
    short, long = sorted((one, other), key=len)
    return not other or (long.startswith(short) and bool(_BEHIND.fullmatch(long[len(short) :])))


class Answerers:
    """A listener that keeps who answered for whom."""

    def __init__(self) -> None:
        self._others: dict[tuple[str, str], None] = {}

    def __call__(self, event: Event) -> None:
        """Keep a call to a model that another one answered."""
        if event.name == events.MODEL_CALLED:
            requested = str(event.metadata.get("model", ""))
            answered = str(event.metadata.get("answered_by", ""))
            if not same_model(requested, answered):
                self._others[answered, requested] = None

    @property
    def stand_ins(self) -> tuple[tuple[str, str], ...]:
        """(who answered, who was asked), each pair once."""
        return tuple(self._others)

    def with_answerers(self, result: RunResult) -> RunResult:
        """The result, with the models that answered for others."""
        answered = dict.fromkeys(other for other, _ in self._others)
        requested = dict.fromkeys(name for _, name in self._others)
        return replace(result, answered_by=", ".join(answered), instead_of=", ".join(requested))


def answered_words(answered_by: str, instead_of: str) -> str:
    """`answered by SmolLM2-135M-Instruct instead of gpt-4`; empty where nobody stood in."""
    return f"answered by {answered_by} instead of {instead_of}" if answered_by else ""
