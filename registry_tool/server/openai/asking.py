"""A request of an OpenAI client as a run: what it may say, which workflow it means, and its words as they come."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from registry_tool.commands.live.runs.found_run import FoundRun, WantedRun
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.suggest import did_you_mean
from registry_tool.core.values import Object, Value
from registry_tool.manifest.binding import bind
from registry_tool.manifest.model import Workflow
from registry_tool.runtime.run_program import RunOptions
from registry_tool.security.tokens.principal import RUN
from registry_tool.server.authorisation import demand, demand_there, requester
from registry_tool.server.changing import idempotency_key
from registry_tool.server.context import context
from registry_tool.server.openai.conversation import inputs_of, streaming_edge, text_of
from registry_tool.server.problems import ProblemError, bad_parameter
from registry_tool.server.runs import begun
from registry_tool.server.watching import SILENCE, RunWatch
from registry_tool.sources.reference import Reference, parse_reference

IGNORED: Final = frozenset(
    {
        *("temperature", "top_p", "max_tokens", "max_completion_tokens", "presence_penalty"),
        *("frequency_penalty", "seed", "stop", "user", "metadata", "store", "service_tier"),
        *("safety_identifier", "prompt_cache_key", "verbosity", "reasoning_effort", "reasoning"),
        *("parallel_tool_calls", "max_output_tokens", "truncation", "include"),
    }
)
"""What a workflow settles by itself; clients send it without being asked to."""
_NO_RETRY: Final = {"x-should-retry": "false"}
"""OpenAI's clients would run it again."""


@dataclass(frozen=True)
class RequestedRun:
    """A run that a client asked for. `words` are those that come while it goes on."""

    found: FoundRun
    workflow: Workflow
    words: AnswerStream

    @property
    def model(self) -> str:
        """What runs: `name:version`."""
        return f"{self.workflow.name}:{self.found.run.version}"

    def answer(self) -> tuple[str, Object]:
        """The text and the run's document; `ProblemError` where the run failed."""
        document = self.found.document()
        if document["status"] != "success":
            raise ProblemError(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                str(document.get("error") or f"the run ended with {document['status']}"),
                more={"code": f"run_{document['status']}"},
                headers=_NO_RETRY,
            )
        outputs = document["outputs"]
        return text_of(self.workflow, outputs if isinstance(outputs, dict) else {}), document


def demand_known(body: Mapping[str, Value], known: Sequence[str]) -> None:
    """400 for a member that this server doesn't know, or can't do: it must not look as if it had."""
    for name, value in body.items():
        if name in known or name in IGNORED or value is None or value in ([], {}, False):
            continue
        if name == "n" and value == 1:
            continue
        if name == "tool_choice" and value in ("auto", "none"):
            continue
        hint = did_you_mean(name, known) or "a workflow settles everything else by itself"
        raise bad_parameter(name[:80], "is not supported here", hint)


def flag(body: Mapping[str, Value], name: str) -> bool:
    """A boolean member, false where it is absent."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise bad_parameter(name, "must be true or false")
    return bool(value)


async def ask(
    request: Request, model: Value, messages: Sequence[Value], given: Value = None
) -> RequestedRun:
    """Begin the run that a model and messages mean; `given` are inputs as such, instead."""
    reference = _reference(model)
    who = await run_in_threadpool(demand, request, RUN, reference.name)
    version = reference.version or reference.range
    runs = context(request).runs
    try:
        await run_in_threadpool(demand_there, request, reference.name)
        workflow = await run_in_threadpool(runs.workflow, reference.name, version)
    except NotFoundError as error:
        raise _no_model(error) from None
    if given is not None and not isinstance(given, dict):
        raise bad_parameter("inputs", "must be an object")
    try:
        inputs = inputs_of(workflow, messages) if given is None else given
    except UsageError as error:
        raise bad_parameter(error.location, error.reason, error.hint) from None
    words = AnswerStream(streaming_edge(workflow, bind(workflow).outputs))
    how = RunOptions(on_text=words if words.edge else None)
    key = idempotency_key(request)
    wanted = WantedRun(reference.name, inputs, version, key=key, how=how)
    return RequestedRun(await begun(request, wanted, lambda: requester(who)), workflow, words)


def _reference(model: Value) -> Reference:
    if not isinstance(model, str) or not model:
        raise bad_parameter("model", "must be a text", "write name, name@^1.2 or name:1.2.0")
    try:
        return parse_reference(model[:300])
    except RegistryError as error:
        raise _no_model(error) from None


def _no_model(error: RegistryError) -> ProblemError:
    more: Object = {"parameter": "model", "code": "model_not_found"}
    return ProblemError(HTTPStatus.NOT_FOUND, error.reason, error.hint, more)


class AnswerStream:
    """A listener for the words of one edge, which arrive in a run's thread and read in the loop that made it."""

    def __init__(self, edge: str) -> None:
        self.edge = edge
        self._loop, self._woken = asyncio.get_running_loop(), asyncio.Event()
        self._pieces: deque[str] = deque()
        self._sent = self._held = ""

    def __call__(self, edge: str, piece: str) -> None:
        """Hear a piece."""
        if edge == self.edge:
            self._pieces.append(piece)
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._woken.set)

    async def pieces(self, found: FoundRun) -> AsyncIterator[str]:
        """What can be said already, without space at either end; empty ones when nothing came for a while."""
        quiet = 0.0
        with RunWatch(found, self._woken) as watch:
            while True:
                over = await run_in_threadpool(_is_over, found)
                piece = self._next()
                if piece or quiet >= SILENCE:
                    quiet = 0.0
                    yield piece
                if over:
                    return
                before = self._loop.time()
                await watch.more()
                quiet += self._loop.time() - before

    def _next(self) -> str:
        text = self._held
        while self._pieces:
            text += self._pieces.popleft()
        text = text if self._sent else text.lstrip()
        ready = text.rstrip()
        self._held = text[len(ready) :]
        self._sent += ready
        return ready

    def rest(self, text: str) -> str:
        """What of the whole text is not said yet; `ProblemError` where another was: an attempt failed midway."""
        whole = text if text.startswith(self._sent) else text.lstrip()
        if not whole.startswith(self._sent):
            raise ProblemError(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "the answer was restarted after a part of it had been sent",
                "ask again, or without `stream`",
                more={"code": "stream_broken"},
            )
        return whole[len(self._sent) :]


def _is_over(found: FoundRun) -> bool:
    return found.files.has_ended or found.status not in {"queued", "running"}
