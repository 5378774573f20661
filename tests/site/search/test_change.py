"""An increment makes what a full build makes, byte for byte, and touches what changed alone."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.core.values import Object
from registry_tool.site.search import layout
from registry_tool.site.search.change import search_changes
from registry_tool.site.search.document import entries
from registry_tool.site.search.index import search_files
from registry_tool.site.search.postings import decode_slots, encode_slots
from registry_tool.site.search.text import fold, words

WORDS = st.sampled_from(
    ["text", "texts", "tag", "translate", "a", "情感分析", "摘要", "GPT-4o", "é", "constructor"]
)
SUMMARY = st.fixed_dictionaries(
    {"name": st.lists(WORDS, min_size=1, max_size=3).map("-".join)},
    optional={
        "description": st.lists(WORDS, max_size=5).map(" ".join),
        "tags": st.lists(WORDS, max_size=3),
        "author": st.sampled_from(["ada@example.com", "吴", ""]),
        "models": st.lists(st.sampled_from(["openai/gpt-4", "x"]), max_size=2),
        "edges": st.lists(st.sampled_from(["llm", "code"]), max_size=2),
        "licence": st.sampled_from(["MIT", "Apache-2.0"]),
        "offline": st.booleans(),
        "certified": st.booleans(),
        "deprecated": st.booleans(),
        "score": st.sampled_from([0, 59, 60, 80, 100, {"total": 3, "of": 4}]),
        "downloads": st.integers(0, 10**6),
        "rating": st.sampled_from([None, 1, 4.5]),
        "updated": st.sampled_from(["2026-01-02", "2025-06-01T08:00:00Z", ""]),
    },
)
SLOTS = st.sampled_from([0, 1, 2, 15, 16, 40, layout.CHUNK - 1, layout.CHUNK, 3 * layout.CHUNK + 5])
STATE = st.dictionaries(SLOTS, SUMMARY, max_size=5)


def built(state: dict[int, Object]) -> dict[str, bytes]:
    return dict(search_files(sorted(state.items())))


def apply(files: dict[str, bytes], before: dict[int, Object], after: dict[int, Object]) -> set[str]:
    """Bring the files from one state to another; the paths that were written."""
    changed = before.keys() | after.keys()
    changed = {slot for slot in changed if before.get(slot) != after.get(slot)}
    gone = [(slot, before[slot]) for slot in changed & before.keys()]
    new = [(slot, after[slot]) for slot in changed & after.keys()]
    written = dict(search_changes(files.get, gone, new))
    for path, data in written.items():
        if data is None:
            files.pop(path, None)
        else:
            files[path] = data
    return set(written)


@settings(max_examples=60, deadline=None)
@given(st.lists(STATE, min_size=1, max_size=4))
def test_an_increment_equals_a_full_build(states: list[dict[int, Object]]) -> None:
    files = built({})
    before: dict[int, Object] = {}
    for after in states:
        apply(files, before, after)
        assert files == built(after)
        before = after


def test_a_change_writes_what_it_changes_whatever_the_size() -> None:
    few = {slot: {"name": f"text-{slot}", "tags": ["nlp"], "score": 70} for slot in range(20)}
    many = {slot: {"name": f"text-{slot}", "tags": ["nlp"], "score": 70} for slot in range(2000)}
    written = []
    for state in (few, many):
        files = built(state)  # type: ignore[arg-type]
        after = {**state, 5: {**state[5], "score": 75}}
        written.append(apply(files, state, after))  # type: ignore[arg-type]
    assert written[0] == written[1] == {
        "search/cards/0.json",
        "search/columns/score/0.json",
        "search/index.json",
    }  # fmt: skip


@given(st.lists(st.integers(0, 2_000_000), unique=True).map(sorted))
def test_slots_survive_their_encoding(slots: list[int]) -> None:
    assert decode_slots(encode_slots(slots)) == slots


def test_words_are_folded_and_han_is_taken_in_pairs() -> None:
    assert list(words("The Café’s GPT-4o 情感分析 e-mail")) == [
        "cafe", "s", "gpt", "4o", "情感", "感分", "分析", "e", "mail",
    ]  # fmt: skip
    assert fold("ＦＵＬＬ Straße İ Ḱ") == "full strasse i k"
    assert list(words("图")) == ["图"]
    assert list(words("x" * 99)) == ["x" * 40]
    for text in ("한국어", "がぎ"):
        assert fold(text) == unicodedata.normalize("NFKC", text) or text == "がぎ"


def test_a_word_stands_where_it_weighs_most() -> None:
    found = entries({"name": "text-tool", "tags": ["text", "nlp"], "description": "nlp"})
    assert found["text"] == "2"
    assert found["nlp"] == "t"
    assert found["t*"] == "2"
    assert found["tag:nlp"] == "x"


def test_the_parts_that_share_a_prefix_share_a_shard() -> None:
    assert layout.shard_of("sentiment") == layout.shard_of("sentence")
    assert layout.shard_of("情感") == layout.shard_of("情绪")
    assert layout.shard_of("tag:nlp") == layout.shard_of("tag:nlps")
    assert layout.tail_of("agent") == layout.tail_of("ment")


def test_shards_are_plain_json() -> None:
    files = built({3: {"name": "a-text"}})
    shard = json.loads(files[layout.terms_path(layout.shard_of("text"))])
    assert shard == {"text": "1D"}
