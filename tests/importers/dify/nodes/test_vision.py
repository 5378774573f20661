"""Pictures of `vision` and of prompts are shown to the model, as Dify shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from registry_tool.core.values import Object
from registry_tool.importers.imported import NodeStatus
from tests.engine.small import ScriptedModel
from tests.importers.dify.exports import MODEL, export, given, imported, ran
from tests.security.scanning.files import png

PHOTO: Object = {
    "type": "start",
    "variables": [
        {"variable": "q", "type": "paragraph", "label": "q"},
        {"variable": "photo", "type": "file", "label": "Photo"},
        {"variable": "more", "type": "file-list", "label": "More"},
    ],
}


def asking(text: str = "What is {{#s.q#}}?", **more: Any) -> Any:
    node = {
        "type": "llm",
        "model": MODEL,
        "prompt_template": [{"role": "user", "text": text}],
        **more,
    }
    return imported({"s": PHOTO, "m": node, "e": given("x=m.text")}, "s > m, m > e")


def vision(*selector: str, **configs: str) -> Object:
    return {"enabled": True, "configs": {"variable_selector": list(selector), **configs}}


def asked(what: Any, folder: Path, **inputs: Any) -> list[tuple[str, int]]:
    """Words and number of pictures of each message of the only question."""
    (folder / "a.png").write_bytes(png())
    model = ScriptedModel()
    assert not ran(what, inputs, model, folder).error
    (request,) = model.requests
    return [(message.content, len(message.images)) for message in request.messages]


def test_the_files_that_vision_chooses_are_shown(tmp_path: Path) -> None:
    what = asking(vision=vision("s", "photo"))
    report = {one.id: one for one in what.nodes}["m"]
    assert report.status is NodeStatus.NEEDS
    assert "below resources/" in report.why
    assert what.not_carried == ()
    assert asked(what, tmp_path, q="it", photo="a.png") == [("What is it?", 1)]
    assert asked(what, tmp_path, q="it", photo={"path": "a.png"}) == [("What is it?", 1)]


def test_a_file_in_a_prompt_is_shown_and_is_no_word_of_it(tmp_path: Path) -> None:
    what = asking("Look at {{#s.photo#}}and {{#s.more#}}.")
    shown = asked(what, tmp_path, q="", photo="a.png", more=["a.png", "a.png"])
    assert shown == [("Look at and .", 3)]


def test_files_of_the_chat_are_an_input_that_may_be_empty(tmp_path: Path) -> None:
    what = asking(vision={"enabled": True})
    assert asked(what, tmp_path, q="it") == [("What is it?", 0)]
    assert asked(what, tmp_path, q="it", files=["a.png"]) == [("What is it?", 1)]


def test_an_app_that_takes_no_files_has_none_to_show() -> None:
    off: Object = {"file_upload": {"enabled": False, "image": {"enabled": False}}}
    node = {
        "type": "llm",
        "model": MODEL,
        "vision": {"enabled": True},
        "prompt_template": [{"role": "user", "text": "Hi"}],
    }
    nodes: Any = {"s": PHOTO, "m": node, "e": given("x=m.text")}
    what = imported(nodes, "s > m, m > e", features=off)
    assert "images" not in str(what.manifest["spec"]["edges"])
    assert all(one.status is NodeStatus.RUNS for one in what.nodes)


def test_low_detail_is_reported() -> None:
    assert "low detail" in str(asking(vision=vision("s", "photo", detail="low")).not_carried[0])


def test_classifiers_and_extractors_see_too(tmp_path: Path) -> None:
    common = {"model": MODEL, "vision": vision("s", "photo")}
    classes = [{"id": "1", "name": "cat"}, {"id": "2", "name": "dog"}]
    nodes: Any = {
        "s": PHOTO,
        "c": {
            "type": "question-classifier",
            "query_variable_selector": ["s", "q"],
            "classes": classes,
            **common,
        },
        "x": {
            "type": "parameter-extractor",
            "query": ["s", "q"],
            "parameters": [{"name": "n", "type": "string"}],
            **common,
        },
    }
    what = imported(nodes, "s > c, s > x")
    edges = [edge for edge in what.manifest["spec"]["edges"] if edge["type"] == "llm"]
    assert [edge["config"]["images"] for edge in edges] == [["{{photo}}"], ["{{photo}}"]]


def test_a_chat_that_takes_pictures_shows_them() -> None:
    from registry_tool.importers.dify.read import read

    value = export({})
    value["model_config"] = {"model": MODEL, "file_upload": {"image": {"enabled": True}}}
    del value["workflow"]
    value["app"]["mode"] = "chat"
    (edge,) = (
        one
        for one in read(value, name="chat").manifest["spec"]["edges"]  # type: ignore[index,call-overload]
        if one["type"] == "llm"  # type: ignore[index,call-overload]
    )
    assert edge["config"]["images"] == ["{{files}}"]  # type: ignore[index,call-overload]
