"""Parameters out of what a user says."""

from __future__ import annotations

from typing import Any

from tests.engine.small import ScriptedModel
from tests.importers.dify.exports import MODEL, form, given, imported, outputs


def config(what: Any) -> Any:
    return next(edge for edge in what.manifest["spec"]["edges"] if edge["type"] == "llm")["config"]


def test_an_extractor_gives_its_parameters() -> None:
    node: Any = {
        "type": "parameter-extractor",
        "model": MODEL,
        "query": ["s", "q"],
        "instruction": "Of {{#s.q#}}",
        "parameters": [
            {"name": "city", "type": "string", "description": "Where", "required": True},
            {
                "name": "kind",
                "type": "select",
                "options": ["a", "b"],
                "description": "",
                "required": False,
            },
        ],
    }
    what = imported({"s": form("q"), "p": node, "e": given("x=p.city")}, "s > p, p > e")
    assert outputs(what, {"q": "?"}, ScriptedModel(lambda _: '{"city": "Bonn", "kind": "a"}')) == {
        "x": "Bonn"
    }
    schema = config(what)["structured_output"]["schema"]
    assert schema["required"] == ["city", "kind"]
    assert schema["properties"] == {
        "city": {"type": "string", "description": "Where"},
        "kind": {"type": ["string", "null"], "enum": ["a", "b", None], "description": ""},
    }


def test_what_is_left_out_has_its_types_value_and_success_is_reported() -> None:
    parameters = [
        {"name": name, "type": kind, "description": "", "required": False}
        for name, kind in (("n", "number"), ("t", "string"), ("l", "array[string]"))
    ]
    node = {
        "type": "parameter-extractor",
        "model": MODEL,
        "query": ["s", "q"],
        "parameters": parameters,
    }
    end = given("n=p.n", "t=p.t", "l=p.l", "ok=p.__is_success")
    what = imported({"s": form("q"), "p": node, "e": end}, "s > p, p > e")
    assert outputs(
        what, {"q": "?"}, ScriptedModel(lambda _: '{"n": null, "t": "x", "l": null}')
    ) == {
        "n": 0,
        "t": "x",
        "l": [],
        "ok": 1,
    }
    assert outputs(what, {"q": "?"}, ScriptedModel(lambda _: "no idea"))["ok"] == 0
