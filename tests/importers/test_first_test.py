"""What an export recorded becomes a project's first test, and its README says what to do with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.author.import_workflow import ImportResult, import_workflow
from registry_tool.importers.first_test import first_test
from registry_tool.manifest.load import load_file
from registry_tool.runtime.run_tests import SuiteOptions
from registry_tool.runtime.run_tests import test_reference as run_tests

MANIFEST = "workflow-resource.yaml"


def export(recorded: Any = "hello", *, content: Any = "hello", type_: str = "modify") -> Any:
    a = {"type": "text", "label": "a", "data": {} if content is None else {"content": content}}
    data = {"inputs": {"a": "a"}, "outputs": {"b": "b"}}
    ask = {"messages": [{"role": "user", "content": "{{a}}"}], "model": "gpt-4o"}
    data |= {"modify_type": "copy", "content": "{{a}}"} if type_ == "modify" else ask
    return {
        "blocks": {"a": a, "b": {"type": "text", "label": "b", "data": {"content": recorded}}},
        "edges": {"e": {"type": type_, "data": data}},
    }


def imported(folder: Path, value: Any) -> ImportResult:
    file = folder / "flow.json"
    file.write_text(json.dumps(value))
    return import_workflow(file, folder / "flow")


def test_a_computed_value_is_expected_as_it_was_recorded(tmp_path: Path) -> None:
    result = imported(tmp_path, export())
    [case] = load_file(result.project / MANIFEST).workflow.tests
    assert (case.name, dict(case.expected)) == ("as-recorded", {"b": "hello"})
    report = run_tests(str(result.project), ".", SuiteOptions())
    assert (len(report.cases), report.passed) == (1, True)
    assert result.next_steps.endswith("puppy-cli validate && puppy-cli test && puppy-cli run .")
    text = (result.project / "docs/README.md").read_text()
    assert "# flow" in text
    assert "`as-recorded` expects what the editor's last run left" in text


def test_a_model_s_answer_is_asked_for_and_kept(tmp_path: Path) -> None:
    result = imported(tmp_path, export(type_="llm"))
    [case] = load_file(result.project / MANIFEST).workflow.tests
    assert not case.expected
    assert [form["type"] for form in case.assertions] == ["regex"]
    assert "puppy-cli test --record" in result.next_steps
    assert "puppy-cli test --record" in (result.project / "docs/README.md").read_text()


def test_what_is_lacking_is_said(tmp_path: Path) -> None:
    result = imported(tmp_path, export(content=None))
    assert load_file(result.project / MANIFEST).workflow.tests == ()
    assert "--input a=…" in result.next_steps
    assert "no value for `a`" in (result.project / "docs/README.md").read_text()


def test_a_readme_that_was_worked_on_stays(tmp_path: Path) -> None:
    result = imported(tmp_path, export())
    readme = result.project / "docs/README.md"
    readme.write_text("mine")
    imported(tmp_path, export("other"))
    assert readme.read_text() == "mine"


def test_words_of_the_export_mean_nothing_in_the_readme(tmp_path: Path) -> None:
    value = export()
    value["blocks"]["a"]["`<script>"] = 1
    text = (imported(tmp_path, value).project / "docs/README.md").read_text()
    assert "## Not carried over" in text
    assert "`<script>" not in text.replace("- `", "")


@pytest.mark.parametrize("inner", ["modify", "llm"])
def test_what_follows_an_answer_is_not_sure_either(inner: str) -> None:
    spec: Any = {
        "x-recorded": {"b": "x", "c": "y", "d": 1},
        "edges": [
            {"type": "map", "source": "a", "target": ["b"], "config": {"edge": {"type": inner}}},
            {"type": "modify", "source": ["a", "b"], "target": "c"},
            {"type": "code", "source": "a", "target": "d"},
        ],
        "interface": {"outputs": [{"name": "c", "block": "c"}, {"name": "d", "block": "d"}]},
    }
    case = first_test(spec).case
    assert case is not None
    wanted = {"modify": {"c": "y", "d": 1}, "llm": {"d": 1}}
    assert case["expected"] == wanted[inner]
    assert ("assert" in case) == (inner == "llm")
