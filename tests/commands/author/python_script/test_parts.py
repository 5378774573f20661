"""Helpers of scripts do what the engine does."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.commands.author.python_script import parts
from registry_tool.engine.edges.conditions import CONDITIONS
from registry_tool.manifest.template import as_text
from tests.engine.loopback import Answer, Asked, loopback

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "ab", "2"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=3,
)


NUMBERS = st.integers(-1, 3) | st.sampled_from([1.5, "2"])
COUNTING = {name for name in CONDITIONS if "_n" in name or name in {"above", "below"}} - {
    *("is_not", "not_contain", "is_not_empty")
}
ASKED = st.one_of(
    *(st.tuples(st.just(name), NUMBERS if name in COUNTING else VALUES) for name in CONDITIONS)
)


@given(VALUES, ASKED)
def test_a_condition_holds_where_it_holds_in_the_engine(value: Any, asked: Any) -> None:
    name, wanted = asked
    assert parts.holds(value, name, wanted) == CONDITIONS[name](value, wanted)


@given(VALUES)
def test_a_value_reads_the_same_in_a_text(value: Any) -> None:
    assert parts.text_of(value) == as_text(value)


def test_a_path_leads_to_a_value_or_ends() -> None:
    value = {"a": [{"b": 1}]}
    assert parts.part(value, "a", "0", "b") == 1
    assert parts.part(None, "a") is None
    assert parts.at(value, "a", "5") is None
    with pytest.raises(KeyError):
        parts.part(value, "x")


@pytest.mark.parametrize(
    ("value", "schema", "wanted"),
    [
        (
            {"a": 1},
            {"type": "object", "properties": {"a": {"type": "number"}}, "required": ["a"]},
            True,
        ),
        ({}, {"type": "object", "required": ["a"]}, False),
        ({"a": "x"}, {"type": "object", "properties": {"a": {"type": "number"}}}, False),
        (["a"], {"type": "array", "items": {"enum": ["a", "b"]}}, True),
        (["c"], {"type": "array", "items": {"enum": ["a", "b"]}}, False),
        (None, {"type": ["string", "null"]}, True),
    ],
)
def test_an_answer_fits_its_schema_or_not(value: Any, schema: Any, wanted: bool) -> None:
    assert parts.fits(value, schema) is wanted


def halves(item: Any, index: int) -> float:
    return index + 1 / item


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [("null", [1.0, None]), ("skip", [1.0]), ("report", [1.0, {"error": "division by zero"}])],
)
def test_a_map_survives_what_its_policy_allows(policy: str, wanted: Any) -> None:
    assert parts.mapped([1, 0], halves, on_error=policy) == wanted
    with pytest.raises(ZeroDivisionError):
        parts.mapped([1, 0], halves)
    assert parts.mapped({"a": 1}, lambda item, _: item) == [{"a": 1}]


def test_a_host_is_asked_and_its_answer_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(asked: Asked) -> Answer:
        told = {
            "path": asked.path,
            "query": dict(asked.query),
            "key": asked.headers.get("authorization"),
        }
        status = 200 if asked.path == "/a%20b" else 404
        return Answer(told, status, {"content-type": "application/json"})

    monkeypatch.setenv("KEY", "k")
    with loopback(answer) as server:
        url = server.address
        found = parts.fetch(
            "POST", f"{url}/a b", query={"q": "x&y"}, body={"n": 1}, secret=("KEY", "bearer", "")
        )
        assert (found["query"], found["key"]) == ({"q": "x&y"}, "Bearer k")
        assert parts.fetch("GET", f"{url}/a b", response="full")["status"] == 200
        with pytest.raises(ValueError, match="404"):
            parts.fetch("GET", f"{url}/other")


def test_parts_import_what_every_python_has() -> None:
    known = {"httpx", "jinja2", *sys.stdlib_module_names}
    names = {name for name in vars(parts) if not name.startswith("_")}
    assert {"ask", "fetch", "render", "mapped"} <= names
    assert all(module.partition(".")[0] in known for module in ("json", "base64", "time", "httpx"))


def test_the_user_s_own_key_is_for_their_own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(asked: Asked) -> Answer:
        said = {"choices": [{"message": {"content": asked.headers.get("authorization")}}]}
        return Answer(said, 200, {"content-type": "application/json"})

    monkeypatch.setenv("OPENAI_API_KEY", "own")
    monkeypatch.setenv("OPENAI_API_KEY__THEIRS", "theirs")
    question = [{"role": "user", "content": "x"}]
    with loopback(answer) as server:
        url = server.address
        assert parts.ask(question, base_url=url, key="OPENAI_API_KEY__THEIRS") == "Bearer theirs"
        assert parts.ask(question, base_url=url, key="OPENAI_API_KEY__OTHER") == "Bearer none"
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        assert parts.ask(question) == "Bearer own"
