"""Services on a cassette: searches, rankings, pages and vectors, recorded and replayed like a model's answers.

A cassette session stands between the edges and a service. It plays what is recorded; recording, it asks the
service for what is not (or, refreshing, for everything, once). Equal requests of one case are counted, so that
their answers can differ. Secrets never reach it: searches and rankings carry none, and an `http` request names
those that it holds.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast
from urllib.parse import quote_plus

from registry_tool.core.files import canonical_json
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.providers.cassettes.cassette import Cassette, ServiceRecording, redacted
from registry_tool.engine.providers.cassettes.replay import NOT_RECORDED
from registry_tool.engine.providers.embeddings.base import Embedder
from registry_tool.engine.providers.errors import NotRecordedError
from registry_tool.engine.providers.http.base import FetchAnswer, Fetcher, FetchRequest
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.providers.speech import Transcriber
from registry_tool.engine.providers.web_search.base import FoundPage, WebSearch
from registry_tool.engine.providers.web_search.cohere_rerank import Reranker

Ask = Callable[[], Awaitable[Value]]


@dataclass(slots=True)
class CassetteSession:
    """A cassette for one case. Without `record` nothing outside is asked; `used` is shared by all cases."""

    cassette: Cassette
    used: set[str]
    seen: dict[str, int]
    record: bool = False
    refresh: bool = False

    async def play(self, request: Object, ask: Ask) -> Value:
        """The answer to a request; `NotRecordedError` for one that is not recorded and may not be asked."""
        clean = cast(Object, redacted(request))
        base = _key(clean)
        repeat = self.seen.get(base, 0)
        self.seen[base] = repeat + 1
        if repeat:
            clean["repeat"] = repeat
        key = _key(clean)
        known = self.cassette.services.get(key)
        if known is None or (self.refresh and key not in self.used):
            if not self.record:
                raise NotRecordedError(
                    f"{NOT_RECORDED} for this request to {request['service']} (key {key})",
                    hint="record it with `puppy-cli test --record`",
                )
            known = ServiceRecording(key, clean, redacted(await ask()))
            self.cassette.services[key] = known
        self.used.add(key)
        return known.answer


def _key(request: Frozen) -> str:
    return hashlib.sha256(canonical_json(dict(request))).hexdigest()[:32]


def recorded_outbound(outbound: OutboundServices, session: CassetteSession) -> OutboundServices:
    """A workflow's ways outside, each recorded or replayed."""
    searches = {name: _Search(inner, session) for name, inner in outbound.web_search.items()}
    rankings = {name: _Ranking(inner, session) for name, inner in outbound.rerankers.items()}
    fetcher = _Fetching(outbound.fetcher, session) if outbound.fetcher is not None else None
    return replace(
        outbound,
        fetcher=fetcher,
        web_search=searches,
        rerankers=rankings,
        recorded=not session.record,
    )


class _Search:
    def __init__(self, inner: WebSearch, session: CassetteSession) -> None:
        self.name, self._inner, self._session = inner.name, inner, session

    def check(self) -> None:
        if self._session.record:
            self._inner.check()

    async def search(self, query: str, count: int, options: Frozen) -> tuple[FoundPage, ...]:
        async def ask() -> Value:
            pages = await self._inner.search(query, count, options)
            return [
                {"title": p.title, "url": p.url, "text": p.text, "fields": dict(p.fields)}
                for p in pages
            ]

        request: Object = {
            "service": self.name,
            "query": query,
            "count": count,
            "options": dict(options),
        }
        found = cast(list[Object], await self._session.play(request, ask))
        return tuple(
            FoundPage(
                str(p["title"]), str(p["url"]), str(p["text"]), cast(Object, p.get("fields") or {})
            )
            for p in found
        )


class _Ranking:
    def __init__(self, inner: Reranker, session: CassetteSession) -> None:
        self.name, self._inner, self._session = inner.name, inner, session

    async def rank(
        self, query: str, documents: Sequence[str], count: int, model: str
    ) -> tuple[tuple[int, float], ...]:
        async def ask() -> Value:
            found = await self._inner.rank(query, documents, count, model)
            return [[position, score] for position, score in found]

        request: Object = {
            "service": self.name,
            "query": query,
            "documents": list[Value](documents),
            "count": count,
            "model": model,
        }
        found = cast(list[list[float]], await self._session.play(request, ask))
        return tuple((int(position), score) for position, score in found)


class _Fetching:
    def __init__(self, inner: Fetcher, session: CassetteSession) -> None:
        self._inner, self._session = inner, session

    async def fetch(self, request: FetchRequest) -> FetchAnswer:
        def hidden(text: str) -> str:
            for name, value in request.secrets.items():
                for spelling in (value, quote_plus(value)):
                    text = text.replace(spelling, f"[{name}]") if spelling else text
            return text

        async def ask() -> Value:
            answer = await self._inner.fetch(request)
            kind = answer.headers.get("content-type", "")
            return {"status": answer.status, "content-type": kind, **_body(answer.body)}

        question: Object = {
            "service": "http",
            "method": request.method,
            "url": hidden(request.url),
            **({"body": hidden(request.body.decode("utf-8", "replace"))} if request.body else {}),
        }
        reply = cast(Object, await self._session.play(question, ask))
        headers = {"content-type": str(reply.get("content-type") or "")}
        return FetchAnswer(cast(int, reply["status"]), headers, _bytes(reply), request.url)


class CassetteEmbedder:
    """Vectors, recorded with half the precision: their cosines stay within a thousandth."""

    def __init__(self, inner: Embedder, session: CassetteSession) -> None:
        self.name, self._inner, self._session = inner.name, inner, session

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order."""
        return [await self._one(text) for text in texts]

    async def _one(self, text: str) -> list[float]:
        async def ask() -> Value:
            (vector,) = await self._inner.embed([text])
            return base64.b64encode(struct.pack(f"<{len(vector)}e", *vector)).decode()

        packed = str(await self._session.play({"service": self.name, "text": text}, ask))
        data = base64.b64decode(packed)
        return list(struct.unpack(f"<{len(data) // 2}e", data))


class CassetteTranscriber:
    """Words of sounds, by the hash of the file."""

    def __init__(self, inner: Transcriber, session: CassetteSession) -> None:
        self.name, self._inner, self._session = inner.name, inner, session

    async def transcribe(self, file: Path) -> str:
        """The text of a file."""

        async def ask() -> Value:
            return await self._inner.transcribe(file)

        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        return str(await self._session.play({"service": self.name, "sha256": digest}, ask))


def _body(data: bytes) -> Mapping[str, Value]:
    try:
        return {"body": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def _bytes(reply: Frozen) -> bytes:
    if "base64" in reply:
        return base64.b64decode(str(reply["base64"]))
    return str(reply.get("body") or "").encode()
