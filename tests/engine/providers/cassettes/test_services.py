"""Services on a cassette: asked once, replayed alike, in order, and without secrets."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.values import Object, Value
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.cassettes.services import (
    CassetteEmbedder,
    CassetteSession,
    CassetteTranscriber,
    recorded_outbound,
)
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.base import FetchAnswer, FetchRequest
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.providers.web_search.base import FoundPage
from tests.engine.edges.searching import CATS, ScriptedSearch


def session(cassette: Cassette, **how: bool) -> CassetteSession:
    return CassetteSession(cassette, set(), {}, **how)


def replayed(cassette: Cassette) -> Cassette:
    """The cassette as its file holds it."""
    from registry_tool.engine.providers.cassettes.cassette import read_cassette

    return read_cassette(cassette.to_bytes(), "tests/cassettes.json")


def test_equal_requests_of_a_case_are_counted() -> None:
    cassette = Cassette()
    answers = iter([1, 2])

    async def ask() -> Value:
        return next(answers)

    async def twice(tape: CassetteSession) -> list[Value]:
        return [await tape.play({"service": "s", "query": "q"}, ask) for _ in range(2)]

    assert asyncio.run(twice(session(cassette, record=True))) == [1, 2]
    assert asyncio.run(twice(session(replayed(cassette)))) == [1, 2]
    assert asyncio.run(twice(session(cassette, record=True))) == [1, 2]  # nobody is asked again
    assert len(cassette.services) == 2


def test_what_is_not_recorded_is_an_error_and_refreshing_asks_once() -> None:
    cassette = Cassette()
    asked: list[int] = []

    async def ask() -> Value:
        asked.append(1)
        return len(asked)

    request: Object = {"service": "google", "query": "q"}
    with pytest.raises(ProviderError, match="for this request to google") as error:
        asyncio.run(session(cassette).play(request, ask))
    assert "--record" in error.value.hint
    assert asked == []
    asyncio.run(session(cassette, record=True).play(request, ask))
    used: set[str] = set()
    for _ in range(2):  # of two cases the second finds what the first has asked anew
        tape = CassetteSession(cassette, used, {}, record=True, refresh=True)
        assert asyncio.run(tape.play(request, ask)) == 2
    assert used == set(cassette.services)


def test_searches_are_replayed_without_their_secrets() -> None:
    cassette = Cassette()
    page = FoundPage("t", "https://x", "text", {"n": 1})
    google = ScriptedSearch("google", page, CATS)
    recording = recorded_outbound(
        OutboundServices(web_search={"google": google}), session(cassette, record=True)
    )
    assert not recording.recorded
    assert asyncio.run(recording.web_search["google"].search("q", 2, {"a": 1})) == (page, CATS)
    lacking = ScriptedSearch("google", error=ProviderError("no secret"))
    doors = recorded_outbound(
        OutboundServices(web_search={"google": lacking}), session(replayed(cassette))
    )
    assert doors.recorded
    doors.web_search["google"].check()  # recorded answers need no secret
    assert asyncio.run(doors.web_search["google"].search("q", 2, {"a": 1})) == (page, CATS)
    assert lacking.asked == []


class Page404:
    """A host that answers 404 with bytes that are not texts."""

    async def fetch(self, request: FetchRequest) -> FetchAnswer:
        """The answer."""
        return FetchAnswer(
            404, {"content-type": "image/x", "set-cookie": "c"}, b"\xff\0", request.url
        )


def test_a_page_is_replayed_byte_by_byte_and_its_secret_is_a_name() -> None:
    cassette = Cassette()
    request = FetchRequest(
        "https://x/?key=s%2F1", "POST", body=b"key is s/1", secrets={"TOKEN": "s/1"}
    )
    found: list[FetchAnswer] = []
    for tape in (session(cassette, record=True), session(cassette)):
        doors = recorded_outbound(OutboundServices(Page404()), tape)
        assert doors.fetcher is not None
        found.append(asyncio.run(doors.fetcher.fetch(request)))
    one, other = found
    assert one == other == FetchAnswer(404, {"content-type": "image/x"}, b"\xff\0", request.url)
    kept = cassette.to_bytes()
    assert b"s/1" not in kept and b"s%2F1" not in kept
    assert b"https://x/?key=[TOKEN]" in kept


class Ranker:
    """Ranks by length."""

    name = "cohere"

    async def rank(
        self, query: str, documents: Sequence[str], count: int, model: str
    ) -> tuple[tuple[int, float], ...]:
        """The longest first."""
        order = sorted(range(len(documents)), key=lambda n: -len(documents[n]))
        return tuple((n, len(documents[n]) / 10) for n in order[:count])


class Vectors:
    """Vectors that halves can't hold exactly; and words of a sound."""

    name = "v"

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text."""
        return [[1 / 3, -0.7] for _ in texts]

    async def transcribe(self, file: Path) -> str:
        """Its name."""
        return file.name


def test_rankings_vectors_and_words_come_back(tmp_path: Path) -> None:
    cassette = Cassette()
    sound, copy = tmp_path / "a.wav", tmp_path / "b.wav"
    sound.write_bytes(b"\0\1")
    copy.write_bytes(b"\0\1")

    async def all_of_them(tape: CassetteSession, inner: Any, file: Path) -> list[Any]:
        doors = recorded_outbound(OutboundServices(rerankers={"cohere": Ranker()}), tape)
        ranked = await doors.rerankers["cohere"].rank("q", ["a", "bbb"], 2, "")
        vectors = await CassetteEmbedder(inner, tape).embed(["x", "y"])
        return [ranked, vectors, await CassetteTranscriber(inner, tape).transcribe(file)]

    one = asyncio.run(all_of_them(session(cassette, record=True), Vectors(), sound))
    other = asyncio.run(all_of_them(session(replayed(cassette)), Vectors(), copy))
    assert one == other
    assert one[0] == ((1, 0.3), (0, 0.1))
    assert one[1][0] == pytest.approx([1 / 3, -0.7], abs=1e-3)
    assert one[2] == "a.wav"  # by the sound, not by its name
