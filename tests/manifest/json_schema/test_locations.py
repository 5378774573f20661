"""Where schemas may stand in a manifest: each is looked at before anything uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from registry_tool.commands.review.check import check
from registry_tool.core.finding import FindingsError
from registry_tool.manifest.json_schema.locations import schema_findings
from registry_tool.manifest.load import load, load_file, workflow_from
from registry_tool.sources.program import program_from_files
from tests.manifest.json_schema.strange_schemas import BENIGN, GAMES, doubled, manifest


def asserted(type_: str, value: Any) -> dict[str, Any]:
    one = {"type": type_, "value": value}
    return {"assertions": [{"type": "assert-set", "assert": [one]}]}


PLACES: dict[str, Any] = {
    "block": lambda s: {"block": {"schema": s}},
    "input": lambda s: {"input": {"schema": s}},
    "output": lambda s: {"output": {"schema": s}},
    "structured output": lambda s: {"config": {"structured_output": {**s, "x-own": 1}}},
    "its schema": lambda s: {"config": {"structured_output": {"schema": s}}},
    "its json_schema": lambda s: {"config": {"structured_output": {"json_schema": s}}},
    "OpenAI's form": lambda s: {
        "config": {"structured_output": {"json_schema": {"name": "x", "schema": s}}}
    },
    "tools": lambda s: {
        "config": {"tools": [{"type": "function", "function": {"name": "f", "parameters": s}}]}
    },
    "is-json": lambda s: asserted("is-json", s),
    "is-json as text": lambda s: asserted("is-json", json.dumps(s)),
    "not-contains-json": lambda s: asserted("not-contains-json", s),
    "function calls": lambda s: asserted(
        "is-valid-openai-tools-call", [{"function": {"name": "f", "parameters": s}}]
    ),
}


@pytest.mark.parametrize("location", PLACES)
def test_nothing_outside_is_looked_up_at_any_place(location: str, nothing_opened: None) -> None:
    for schema in GAMES:
        value = manifest(**PLACES[location](schema))
        with pytest.raises(FindingsError) as caught:
            load(yaml.safe_dump(value), "manifest.yaml")
        finding = caught.value.findings[0]
        assert (finding.rule, finding.line > 1, bool(finding.help)) == ("schema", True, True)
        with pytest.raises(FindingsError):
            workflow_from(value, "workflow.json")
    for schema in BENIGN:
        load(yaml.safe_dump(manifest(**PLACES[location](schema))), "manifest.yaml")


def test_a_finding_stands_at_the_token() -> None:
    text = yaml.safe_dump(manifest(block={"schema": {"items": {"$ref": "file:///etc/passwd"}}}))
    with pytest.raises(FindingsError) as caught:
        load(text, "manifest.yaml")
    finding = caught.value.findings[0]
    line = text.splitlines()[finding.line - 1]
    assert line[finding.column - 1 :] == "file:///etc/passwd"


def test_many_schemas_are_bounded_together() -> None:
    value = manifest()
    value["spec"]["blocks"] += [
        {"id": f"b{n}", "type": "text", "schema": doubled(14)} for n in range(12)
    ]
    (problem,) = schema_findings(value)
    assert "together" in problem.message


HOSTILE = manifest(block={"schema": {"$ref": "file:///etc/passwd"}})


def _load_file(folder: Path) -> object:
    (folder / "m.yaml").write_text(yaml.safe_dump(HOSTILE))
    return load_file(folder / "m.yaml")


def _run_of_a_path(folder: Path) -> object:
    files = {"workflow-resource.yaml": yaml.safe_dump(HOSTILE).encode()}
    return program_from_files(files, str(folder))


def _compiled(_: Path) -> object:
    files = {"workflow.json": json.dumps(HOSTILE).encode()}
    return program_from_files({**files, "manifest.yaml": yaml.safe_dump(HOSTILE).encode()}, "x")


@pytest.mark.parametrize("way", [_load_file, _run_of_a_path, _compiled])
def test_every_way_to_a_workflow_asks(way: Any, tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as caught:
        way(tmp_path)
    assert "leads outside its own schema" in str(caught.value)


def test_a_registry_that_holds_one_is_reported(tmp_path: Path) -> None:
    version = tmp_path / "registry/workflows/hello/1.0.0"
    version.mkdir(parents=True)
    (tmp_path / "registry/registry.yaml").write_text("name: Scratch\n")
    (version / "manifest.yaml").write_text(yaml.safe_dump(HOSTILE))
    found = check(tmp_path).findings
    assert any("leads outside its own schema" in finding.message for finding in found)
