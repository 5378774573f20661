"""Snippets are right in their languages, whatever inputs hold: node, bash and Python run them."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess

import pytest
import tree_sitter_go
from tree_sitter import Language, Parser

from registry_tool.catalogue.load import load_catalogue
from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Metadata, Workflow
from registry_tool.site.facts import snippets as made
from registry_tool.site.facts.snippets import Snippet, examples, snippets
from registry_tool.store.tree import FolderTree
from tests.site.test_render import ROOT

ADDRESS = "https://registry.example/it's"
AWKWARD: Object = {
    "text": 'It\'s "true": null, `$HOME` \\ \n 今天 \u2028 </script>',
    "flag": True,
    "nothing": None,
    "__proto__": {"deep": [1, 2.5, "false"]},
}


def awkward() -> dict[str, Snippet]:
    workflow = Workflow(Metadata("w", "1.0.0"), (), ())
    return {snippet.key: snippet for snippet in snippets(workflow, ADDRESS, AWKWARD)}


def of_the_registry() -> list[Snippet]:
    lines = load_catalogue(FolderTree(ROOT)).lines
    versions = [version.workflow for line in lines for version in line.versions]
    return [
        snippet
        for workflow in versions
        for snippet in snippets(workflow, ADDRESS, examples(workflow))
    ]


def test_python_says_what_was_meant() -> None:
    found = awkward()["run_python"].text.partition("execute(inputs=")[2].rpartition(")\nprint")[0]
    assert ast.literal_eval(found) == AWKWARD


def test_every_python_snippet_compiles() -> None:
    for snippet in [*awkward().values(), *of_the_registry()]:
        if snippet.language == "python":
            compile(snippet.text, "snippet", "exec")


def test_the_agents_configuration_is_json() -> None:
    value = json.loads(awkward()["run_agent"].text)
    assert value["mcpServers"]["w"]["args"] == ["mcp", "w:1.0.0", "--registry", ADDRESS]


def test_a_shell_hands_over_the_exact_words() -> None:
    """`puppy-cli` and `curl` are functions that print what they were given."""
    for key in ("run_command", "run_curl"):
        program = 'puppy-cli() { printf "%s\\0" "$@"; }\ncurl() { printf "%s\\0" "$@"; }\n'
        done = subprocess.run(
            ["bash", "-c", program + awkward()[key].text], capture_output=True, check=True
        )
        words = done.stdout.decode().split("\0")
        if key == "run_command":
            assert f"text={AWKWARD['text']}" in words
            assert ADDRESS in words
        else:
            assert json.loads(words[words.index("--data") + 1])["inputs"] == AWKWARD


def test_javascript_says_what_was_meant() -> None:
    node = shutil.which("node")
    assert node, "node is not installed"
    texts = [awkward()["run_javascript"].text]
    texts += [snippet.text for snippet in of_the_registry() if snippet.language == "javascript"]
    bodies = [text.partition("\n\n")[2] for text in texts]  # without the import
    program = (
        "const sent = []; class WorkflowClient { async execute(...given) { sent.push(given); } }\n"
        + "".join(f"await (async () => {{\n{body}\n}})();\n" for body in bodies)
        + "process.stderr.write(JSON.stringify(sent[0][1]));"
    )
    done = subprocess.run(
        [node, "--input-type=module"], input=program.encode(), capture_output=True, check=True
    )
    assert json.loads(done.stderr) == AWKWARD


def test_go_says_what_was_meant() -> None:
    """A Go string literal with JSON's escapes reads as JSON does; the program around it is always the same."""
    text = awkward()["run_go"].text
    literal = text.partition("NewReader(")[2].partition(")\n")[0]
    assert json.loads(json.loads(literal))["inputs"] == AWKWARD


def test_every_go_snippet_is_go() -> None:
    """By Go's grammar: there is no Go compiler among the project's tools."""
    parser = Parser(Language(tree_sitter_go.language()))
    assert parser.parse(b"package main\nfunc main() { x := }").root_node.has_error
    for snippet in [*awkward().values(), *of_the_registry()]:
        if snippet.language == "go":
            assert not parser.parse(snippet.text.encode()).root_node.has_error, snippet.text


@pytest.mark.parametrize("value", ["\ufeff", '"', "\x7f", "\\u0000", "a\tb"])
def test_a_go_literal_is_one_line_of_valid_escapes(value: Value) -> None:
    literal = made.go(str(value))
    assert "\n" not in literal
    assert "\ufeff" not in literal
    assert json.loads(literal) == value
