"""There and back: an import, compiled and exported again, loses nothing that matters to a run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import MAX_INTEGER, parse_json, reads_as_large_integer
from registry_tool.importers.imported import ForeignError
from registry_tool.importers.manifest_text import manifest_text
from registry_tool.importers.puppyflow.editor import engine_shape
from registry_tool.importers.puppyflow.export import export
from registry_tool.importers.puppyflow.package import resource_paths, unpacked
from registry_tool.importers.puppyflow.read import read
from registry_tool.manifest.compile import compile_value
from registry_tool.manifest.load import load, workflow_from
from registry_tool.manifest.parse import to_workflow
from registry_tool.manifest.source import CONTROL
from tests.engine.small import workflow

DATA = Path(__file__).parents[4] / "shared/data/puppyflow"
FILES = sorted([*DATA.glob("*/*.json"), *DATA.glob("templates/*/package.json")])
needs_data = pytest.mark.skipif(not FILES, reason="needs the exported workflows beside the project")

EDGE_TYPES = {"choose": "ifelse", "generate": "generator", "rewrite": "query_rewrite"}
TEMPLATES = {
    "llm": ("prompt", "system", "messages", "chat_histories"),
    "modify": ("content",),
    "search": ("query",),
    "load": ("path", "content"),
    "save": ("path", "content"),
    "generator": ("query", "prompt", "system"),
    "deep_research": ("query",),
    "query_rewrite": ("query",),
    "rerank": ("query",),
}
EMPTY = (None, "", [], {})


def normal(document: Any) -> Any:
    """An engine-shape document without what does not matter to a run.

    Left out: everything that tells how things look; labels inside inputs and outputs (their order stays); the
    version; empty fields of blocks; `looped` of an edge; `extra_config` of a modify edge, which the editor
    ignores; where the content lies in the editor's storage, for a block whose content is in the file. Taken
    alike: no label and the id; no content, null and (in a block that an edge writes) empty content; old spellings;
    a model by name and as {name: {}}; a message without a role and one of the user; a placeholder and the block
    it names; a backslash before a placeholder with and without a blank between them.
    """
    edges = {name: normal_edge(edge, document) for name, edge in document["edges"].items()}
    written = {block for edge in edges.values() for block in edge["outputs"]}
    return {
        "blocks": {
            name: normal_block(name, block, name in written)
            for name, block in document["blocks"].items()
        },
        "edges": edges,
    }


def normal_block(name: str, block: Any, written: bool) -> Any:
    data = block.get("data") or {}
    content = data.get("content")
    if written and content in EMPTY:
        content = None
    kept = {
        key: value
        for key in ("indexingList", "embedding_view", "collection_configs")
        if (value := data.get(key, block.get(key))) not in EMPTY
    }
    if block["type"] == "file" or content in EMPTY:
        for key in ("storage_class", "external_metadata"):
            if value := data.get(key, block.get(key)):
                kept[key] = value
    return {
        "type": block["type"],
        "label": label_of(name, block),
        "looped": bool(block.get("looped") or data.get("looped")),
        "content": content,
        **kept,
    }


def label_of(name: str, block: Any) -> str:
    return block.get("label") or (block.get("data") or {}).get("label") or name


def normal_edge(edge: Any, document: Any) -> Any:
    data = json.loads(json.dumps(edge["data"]))
    inputs, outputs = list(data.pop("inputs", {})), list(data.pop("outputs", {}))
    type_ = EDGE_TYPES.get(edge["type"], edge["type"])
    data.pop("looped", None)
    old = data.pop("extra_config", None)
    if old is not None and type_ != "modify":
        data.setdefault("extra_configs", old)
    if "code" in data:
        data.setdefault("code_string", data.pop("code"))
    for holder in (data, data.get("extra_configs")):
        if isinstance(holder, dict) and isinstance(holder.get("model"), dict):
            holder["model"] = next(iter(holder["model"]))
    for case in (data.get("cases") or {}).values():
        case.setdefault("thens", case.pop("then", None))
    for message in [*data.get("messages", []), *data.get("chat_histories", [])]:
        message.setdefault("role", "user")
    blocks: dict[str, str] = {}
    for block in inputs:
        blocks.setdefault(label_of(block, document["blocks"][block]), block)
    for key in TEMPLATES.get(type_, ()):
        if key in data:
            data[key] = with_blocks(data[key], blocks)
    for operation in (data.get("extra_configs") or {}).get("operations", []):
        for key in [key for key in operation["params"] if key.startswith("value")]:
            if type_ == "modify":
                operation["params"][key] = with_blocks(operation["params"][key], blocks)
    return {"type": type_, "inputs": inputs, "outputs": outputs, "data": data}


def with_blocks(value: Any, blocks: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [with_blocks(item, blocks) for item in value]
    if isinstance(value, dict):
        return {key: with_blocks(item, blocks) for key, item in value.items()}
    if not isinstance(value, str) or not blocks:
        return value
    labels = sorted(blocks, key=len, reverse=True)
    pattern = "|".join(re.escape("{{" + label + "}}") for label in labels)
    parts: list[Any] = []
    for part in re.split(f"({pattern})", value):
        if part.startswith("{{") and part[2:-2] in blocks and part.endswith("}}"):
            if parts and isinstance(parts[-1], str) and parts[-1].endswith(("\\", "\\{")):
                parts[-1] += " "
            parts.append(["block", blocks[part[2:-2]]])
        elif part:
            parts.append(part)
    return parts


def there_and_back(document: Any) -> Any:
    """Import, write as YAML, load, compile, read the compiled workflow, export."""
    manifest = read(document, name="a workflow").manifest
    text = manifest_text(manifest)
    workflow = load(text, "workflow-resource.yaml").workflow
    assert workflow == workflow_from(manifest, "")
    return export(to_workflow(compile_value(workflow)))


plain = st.text(max_size=12).map(lambda text: CONTROL.sub("", text))
texts = plain | st.sampled_from(
    [
        "",
        "no",
        "1:30",
        "010",
        "a\r\nb",
        "\tx\n y \n",
        " a\n\n",
        "\n",
        "é\u2028",
        "- x: y # z",
        "x\\",
    ]
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False).filter(
        lambda number: not reads_as_large_integer(number)
    )
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
ids = st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True)
labels = st.sampled_from(["a", "b", "a b", " a", "a.b", "", "{a", "a}", "x\ny", "名"]) | plain


@st.composite
def templates(draw: st.DrawFn, names: list[str]) -> str:
    odd = st.sampled_from(["{{", "}}", "\\", "{", "}", "\\{{", "{{nobody}}", " ", "\n", "text"])
    named = st.sampled_from([f"{{{{{name}}}}}" for name in names] or ["{{x}}"])
    return "".join(draw(st.lists(odd | named | texts, max_size=6)))


@st.composite
def edges(draw: st.DrawFn, blocks: dict[str, Any]) -> Any:
    names = st.lists(st.sampled_from(sorted(blocks)), max_size=3, unique=True)
    inputs, outputs = draw(names), draw(names)
    template = templates([*inputs, *(label_of(name, blocks[name]) for name in inputs)])
    messages = st.lists(
        st.fixed_dictionaries({"content": template}, optional={"role": st.just("system")})
    )
    operation = st.fixed_dictionaries(
        {"type": st.just("append"), "params": st.fixed_dictionaries({"value": template | values})}
    )
    condition = st.fixed_dictionaries(
        {"block": st.sampled_from(inputs or ["x"]), "condition": st.just("is_empty")}
    )
    then = st.just([{"from": "a", "to": "b"}])
    case = st.fixed_dictionaries({"conditions": st.lists(condition, max_size=2), "then": then})
    fields: dict[str, Any] = {
        "llm": {"messages": messages, "model": st.just({"m": {}}) | texts},
        "modify": {
            "content": template,
            "extra_config": values,
            "extra_configs": st.fixed_dictionaries({"operations": st.lists(operation, max_size=2)}),
        },
        "chunk": {"chunking_mode": texts, "extra_config": st.just({"chunk_size": 5})},
        "ifelse": {"cases": st.dictionaries(texts, case, max_size=2)},
        "search": {
            "search_type": st.sampled_from(["web", "vector", "qa"]),
            "query_id": st.dictionaries(st.sampled_from(inputs or ["x"]), texts, max_size=1),
            "query": template,
        },
        "generator": {"queries": st.just(inputs), "prompt": template},
        "code": {"code": texts},
        "deep_research": {
            "query": template,
            "extra_configs": st.just({"web_config": {"top_k": 1}}),
        },
        "query_rewrite": {"strategy_type": texts},
        "rerank": {"reranker_type": texts},
        "save": {"file_name": texts},
        "load": {"block_type": texts},
    }
    type_ = draw(st.sampled_from(sorted(fields)))
    data = draw(st.fixed_dictionaries({}, optional=fields[type_]))
    ends = {"inputs": dict.fromkeys(inputs, "x"), "outputs": dict.fromkeys(outputs, "y")}
    return {"type": type_, "data": {**data, **ends}}


@st.composite
def documents(draw: st.DrawFn) -> Any:
    block = st.fixed_dictionaries(
        {
            "type": st.sampled_from(["text", "structured", "file", "weblink", "switch"]),
            "data": st.fixed_dictionaries(
                {},
                optional={
                    "content": values,
                    "indexingList": st.just([{"type": "vector"}]),
                    "external_metadata": st.just({"resource_key": "k"}),
                },
            ),
        },
        optional={"label": labels, "looped": st.booleans()},
    )
    blocks = draw(st.dictionaries(ids, block, min_size=1, max_size=4))
    return {
        "blocks": blocks,
        "edges": draw(st.dictionaries(ids, edges(blocks), max_size=3)),
        "version": "0.1",
    }


@given(documents())
def test_a_document_comes_back(document: Any) -> None:
    assert normal(there_and_back(document)) == normal(document)


@given(documents())
def test_a_second_import_changes_nothing(document: Any) -> None:
    once = there_and_back(document)
    assert there_and_back(once) == once


@needs_data
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_real_file_comes_back(file: Path) -> None:
    value: Any = parse_json(file.read_bytes(), location=file.name)
    if "workflow" in value:
        contents = {path: (file.parent / path).read_bytes() for path in resource_paths(value)}
        value, _ = unpacked(value, contents, [])
    engine = engine_shape(value, []) if isinstance(value["blocks"], list) else value
    assert normal(there_and_back(engine)) == normal(engine)


def workflow_of(edge: dict[str, Any], **more: Any) -> Any:
    blocks = [{"id": "a", "type": "text", "value": "x"}, {"id": "b", "type": "text"}]
    return workflow_from(
        {
            "apiVersion": "puppyai.com/v1",
            "kind": "Workflow",
            "metadata": {"name": "x", "version": "1.0.0"},
            "spec": {
                "blocks": blocks,
                "edges": [{"id": "e", "source": "a", "target": "b", **edge}],
                **more,
            },
        },
        "",
    )


def test_a_prompt_becomes_messages() -> None:
    edge = {"type": "llm", "config": {"system": "Be brief.", "prompt": "Say {{ a }} \\{{b}}"}}
    document: Any = export(workflow_of(edge))
    assert document["edges"]["e"]["data"]["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Say {{a}} {{b}}"},
    ]


@pytest.mark.parametrize(
    ("edge", "reason"),
    [
        ({"type": "http", "config": {"url": "https://x"}}, "no edge of type http"),
        ({"type": "llm", "config": {"prompt": "{{a.0}}"}}, "can't say {{a.0}}"),
        ({"type": "llm", "config": {"prompt": "{{b}}"}}, "can't say {{b}}"),
        ({"type": "llm", "config": {"prompt": "{{c}}"}}, "which is nothing"),
        ({"type": "llm", "config": {"prompt": "\\{{a}}"}}, "read the template"),
        ({"type": "llm", "config": {"prompt": "x", "images": ["{{a}}"]}}, "no word for images"),
    ],
)
def test_what_the_editor_has_no_word_for_is_refused(edge: dict[str, Any], reason: str) -> None:
    with pytest.raises(RegistryError, match=re.escape(reason)) as error:
        export(workflow_of(edge))
    assert error.value.location == "spec.edges.e"


def test_control_characters_are_left_out_and_reported() -> None:
    document = {"blocks": {"a": {"type": "text", "data": {"content": "red\x1b[31m"}}}, "edges": {}}
    imported = read(document, name="x")
    assert imported.manifest["spec"]["blocks"][0]["value"] == "red[31m"
    assert ["U+001B" in loss.what for loss in imported.not_carried] == [True]


@pytest.mark.parametrize("said", ["when: a", "on_error: skip"])
def test_what_decides_whether_an_edge_runs_has_no_word_in_the_editor(said: str) -> None:
    spec = f"""
  blocks: [{{ id: a, type: text, value: x }}, {{ id: b, type: text }}]
  edges: [{{ id: e, source: a, target: b, type: modify, {said}, config: {{ content: "{{{{a}}}}" }} }}]
"""
    with pytest.raises(ForeignError, match=f"no word for {said.partition(':')[0]}"):
        export(workflow(spec))
