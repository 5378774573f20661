"""Nodes that ask a model: messages, memory, context, forms of answers."""

from __future__ import annotations

from typing import Any

from registry_tool.core.values import Object
from tests.engine.small import ScriptedModel
from tests.importers.dify.exports import MODEL, form, given, imported, outputs


def asking(**more: Any) -> Any:
    node = {
        "type": "llm",
        "model": MODEL,
        "prompt_template": [{"role": "user", "text": "Say {{#s.q#}}"}],
        **more,
    }
    return imported({"s": form("q"), "m": node, "e": given("x=m.text")}, "s > m, m > e")


def config(what: Any) -> Any:
    (edge,) = (one for one in what.manifest["spec"]["edges"] if one["type"] == "llm")
    return edge["config"]


def test_a_prompt_is_filled_in() -> None:
    assert outputs(asking(), {"q": "hi"}) == {"x": "SAY HI"}


def test_the_models_parameters_that_we_have_come_along_and_others_are_reported() -> None:
    parameters = {"temperature": 0.2, "max_tokens": 10, "stop": ["x"], "top_k": 3}
    what = asking(model={**MODEL, "completion_params": parameters})
    result = config(what)
    assert (result["model"], result["temperature"], result["max_tokens"], result["stop"]) == (
        "gpt-4o",
        0.2,
        10,
        ["x"],
    )
    assert ["top_k" in str(loss) for loss in what.not_carried] == [True]


def test_context_stands_where_the_prompt_has_it() -> None:
    context: Object = {"enabled": True, "variable_selector": ["s", "q"]}
    what = asking(context=context, prompt_template=[{"role": "user", "text": "Of {{#context#}}"}])
    assert outputs(what, {"q": "this"}) == {"x": "OF THIS"}


def test_a_prompt_in_jinja_is_rendered() -> None:
    template = [
        {"role": "user", "edition_type": "jinja2", "jinja2_text": "{% if q %}Q: {{ q }}{% endif %}"}
    ]
    variables = {"jinja2_variables": [{"variable": "q", "value_selector": ["s", "q"]}]}
    assert outputs(asking(prompt_template=template, prompt_config=variables), {"q": "why"}) == {
        "x": "Q: WHY"
    }


def test_structured_answers_are_asked_for_and_read() -> None:
    schema = {"type": "object", "properties": {"n": {"type": "number"}}, "required": ["n"]}
    node = {
        "type": "llm",
        "model": MODEL,
        "prompt_template": [{"role": "user", "text": "{{#s.q#}}"}],
        "structured_output_enabled": True,
        "structured_output": {"schema": schema},
    }
    what = imported(
        {"s": form("q"), "m": node, "e": given("x=m.structured_output.n")}, "s > m, m > e"
    )
    assert outputs(what, {"q": "?"}, ScriptedModel(lambda _: '{"n": 4}')) == {"x": 4}


def test_a_schema_that_no_manifest_may_hold_leaves_the_node_carried() -> None:
    form: Object = {"schema": {"$ref": "https://a.example/x"}}
    what = asking(structured_output_enabled=True, structured_output=form)
    report = {node.id: node for node in what.nodes}["m"]
    assert report.status.value == "carried"
    assert "leads outside" in report.why


def test_what_no_manifest_may_hold_is_reported() -> None:
    parameters: Object = {"temperature": 9, "max_tokens": -1, "top_p": 0.5}
    what = asking(model={**MODEL, "completion_params": parameters})
    assert "temperature" not in config(what)
    assert config(what)["top_p"] == 0.5
    assert [loss.what for loss in what.not_carried] == [
        "the parameter temperature of the model",
        "the parameter max_tokens of the model",
    ]
    report = {n.id: n for n in asking(model={**MODEL, "name": "{{#env.model#}}"}).nodes}["m"]
    assert (report.status.value, "is a template" in report.why) == ("carried", True)
