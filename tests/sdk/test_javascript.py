"""The JavaScript SDK: its own tests, its types, its package, and what it makes beside what Python makes."""

from __future__ import annotations

import base64
import gzip
import json
import random
import re
import sys
from pathlib import Path
from typing import Any

from puppyai.workflows import WorkflowBuilder, WorkflowClient
from registry_tool.core.segments import path_segment
from registry_tool.manifest.source import load_tree
from registry_tool.resolver.ranges import admits, is_valid
from tests.sdk.javascript_sdk import (
    ROOT,
    SOURCE,
    ask,
    compiled,
    conformance_cases,
    install,
    node,
    npm_program,
)  # fmt: skip
from tests.sdk.live_registry import LiveRegistry
from tests.sdk.trust_sites import trust_sites

LARGEST = 96 * 1024
LARGEST_ZIPPED = 32 * 1024
"""Bytes of the whole ESM, comments included, as a browser fetches it; bundles are smaller."""
LARGEST_SEARCH = 40 * 1024
"""Bytes of what a first search fetches besides: the site's own scripts."""
LARGEST_TRUST = 24 * 1024
"""Bytes of what a client with a pinned root fetches besides."""


def test_its_own_tests_pass_and_run_every_conformance_case() -> None:
    folder = compiled()
    cases = str(ROOT / "tests/conformance")
    with trust_sites() as copies:
        words = ("--test", "--test-reporter=tap", "test/")
        done = node(*words, cwd=folder, CONFORMANCE=cases, TRUST_SITES=copies)
    output = dict(
        re.findall(r"^# (tests|pass|fail|skipped|cancelled|todo) (\d+)$", done.stdout, re.M)
    )
    assert done.returncode == 0, done.stdout
    assert int(output["tests"]) == int(output["pass"]) > conformance_cases() > 100
    assert output["fail"] == output["skipped"] == output["cancelled"] == output["todo"] == "0"


def test_the_launcher_takes_no_package_from_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "registry_tool/cli").mkdir(parents=True)
    for file in ("__init__.py", "cli/__init__.py", "cli/puppy.py"):
        (tmp_path / "registry_tool" / file).write_text("print('anybody')")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    python.chmod(0o755)
    launcher = str(SOURCE / "bin/puppy-cli.js")
    done = node(launcher, "list", cwd=tmp_path, PUPPY_CLI_PYTHON=str(python), PYTHONPATH="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "has no puppyai-workflow-registry" in done.stderr


def test_the_package_is_small_and_needs_nothing() -> None:
    about = json.loads((SOURCE / "package.json").read_text("utf-8"))
    assert not {"dependencies", "peerDependencies", "optionalDependencies"} & set(about)
    assert not {"install", "preinstall", "postinstall", "prepare"} & set(about["scripts"])
    dist = compiled() / "dist"
    esm = b"".join(path.read_bytes() for path in sorted(dist.glob("*.js")))
    assert len(esm) < LARGEST
    assert len(gzip.compress(esm)) < LARGEST_ZIPPED
    assert b'from "./catalogue/' not in esm  # loaded when somebody searches
    searching = [path.read_bytes() for path in (dist / "catalogue").glob("*.js")]
    assert 0 < sum(map(len, searching)) < LARGEST_SEARCH
    assert b'from "./trust/' not in esm  # loaded where a root is pinned
    trusting = [path.read_bytes() for path in (dist / "trust").glob("*.js")]
    assert 0 < sum(map(len, trusting)) < LARGEST_TRUST


def test_publint_has_nothing_to_say() -> None:
    done = npm_program("publint", "--strict", "--pack", "npm", cwd=compiled())
    assert (done.returncode, "All good!" in done.stdout) == (0, True), done.stdout + done.stderr


def test_its_types_are_found_by_whoever_imports_it() -> None:
    words = ("--pack", ".", "--profile", "esm-only", "--format", "json")
    done = npm_program("attw", *words, cwd=compiled())
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)["analysis"]
    assert (found["packageName"], found["types"]["kind"]) == ("@puppyai/workflow-sdk", "included")


def examples() -> list[str]:
    """The TypeScript examples of the documentation."""
    text = (ROOT / "docs/sdk-javascript.md").read_text("utf-8")
    return re.findall(r"^```ts\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_documentations_examples_have_right_types(tmp_path: Path) -> None:
    assert len(examples()) >= 5
    install(tmp_path)
    for number, text in enumerate(examples()):
        (tmp_path / f"example{number}.mts").write_text(text + "\nexport {};\n", "utf-8")
    options = {
        "target": "ES2022", "lib": ["ES2022", "DOM", "DOM.AsyncIterable"], "module": "NodeNext",
        "strict": True, "noEmit": True, "types": [],
    }  # fmt: skip
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": options}))
    done = npm_program("tsc", "-p", ".", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def test_every_name_that_is_exported_is_in_the_documentation() -> None:
    text = (SOURCE / "src/index.ts").read_text("utf-8")
    listed = ", ".join(re.findall(r"export (?:type )?\{([^}]*)\}", text))
    names = {name.strip() for name in listed.split(",") if name.strip()}
    names |= set(re.findall(r"export class (\w+)", (SOURCE / "src/errors.ts").read_text("utf-8")))
    page = (ROOT / "docs/sdk-javascript.md").read_text("utf-8")
    assert {name for name in names if f"`{name}`" not in page} == set()


def test_a_live_registry(live: LiveRegistry) -> None:
    live.token = "your-token"
    live.cut_streams_after += [1, 0, 1]
    script = Path(__file__).parent / "javascript/live.mjs"
    done = node(str(script), (compiled() / "dist").as_uri(), live.address, cwd=compiled())
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    _as_python_reads_it(document, WorkflowClient(str(live.folder)))
    run = document["run"]
    assert (run["greeting"], run["later"]) == ("Hello, you!", "Hello, you!")
    assert (run["events"][0], run["events"][-1]) == ("execution_started", "execution_finished")
    assert run["id"] in live.runs
    assert document["greeting"] == document["result"]["outputs"]["greeting"] == "Hello, you!"
    assert document["result"]["usage"] == {
        "inputTokens": 0, "outputTokens": 0, "calls": 0, "costUsd": 0,
    }  # fmt: skip
    _failures(document["failed"])
    held = {
        "address": "https://example.org/pull/7",
        "published": False,
        "notes": ["the name is new"],
    }
    assert document["held"] == {"name": "greeter", "version": "1.0.0", **held}
    assert document["packaged"] == {"name": "hello", "version": "1.1.0", **held}
    asked = [one.headers.get("last-event-id") for one in live.seen if one.path.endswith("/events")]
    assert asked[:4] == [None, "1", "1", "2"]


def _as_python_reads_it(fields: dict[str, Any], client: WorkflowClient) -> None:
    there, old = client.get_workflow("hello"), client.get_workflow("hello", "1.0.0")
    assert fields["names"] == [one.name for one in client.list_workflows()]
    assert fields["found"] == [one.name for one in client.search("HELLO")]
    assert (
        fields["versions"]
        == [one.version for one in client.versions("hello")]
        == ["1.1.0", "1.0.0"]
    )
    found = fields["workflow"]
    assert (found["reference"], found["digest"]) == (there.reference, there.digest)
    assert found["description"] == there.description
    assert found["files"] == sorted(there.files)
    assert [port["name"] for port in found["inputs"]] == [port.name for port in there.inputs]
    assert [port["type"] for port in found["outputs"]] == [port.type for port in there.outputs]
    needs = client.get_workflow("caller").dependencies
    assert fields["dependencies"] == [
        {"name": need.name, "range": need.range, "registry": need.registry} for need in needs
    ]
    assert fields["old"][:3] == ["hello", "1.0.0", old.digest]
    package = client.registry_url + "/api/v1/packages/hello/hello-1.0.0.wfpkg"
    assert base64.b64decode(fields["old"][3]) == Path(package).read_bytes()


def _failures(failed: list[Any]) -> None:
    misspelled, beyond, without, refused = failed
    assert misspelled[0] == "NotFoundError"
    assert "did you mean hello?" in misspelled[1]
    assert beyond[0] == "NotFoundError"
    assert "there are 1.1.0, 1.0.0" in beyond[1]
    assert without[0] == "InvalidRequestError"
    assert "'who' is required" in without[1]
    assert refused[0] == "FindingsError"
    assert (refused[1][0]["rule"], refused[1][0]["line"]) == ("license-spdx", 6)
    assert refused[2].startswith("req-")


GREETER = [
    ["addBlock", "who", "text", {"label": "Who", "schema": {"type": "string", "maxLength": 9}}],
    ["addBlock", "names", "structured", {"value": ["a", None, {"b": 1.5}], "looped": True}],
    ["addBlock", "greeting"],
    ["addEdge", "who", "greeting", "modify",
     {"id": "greet", "config": {"modify_type": "edit_text", "content": "{{salutation}}\n  {{who}}!\n"}}],
    ["addEdge", "who", "greeting", "modify", {"id": "again", "config": {}, "when": "names", "onError": "skip"}],
    ["addEdge", ["who", "names"], "greeting", "",
     {"when": ["who", "names"], "onError": {"value": None}}],
    ["addInput", "who", "string", {"required": True, "description": "Whom: to greet", "pii": True}],
    ["addInput", "names", "array", {"default": None, "block": "names"}],
    ["addOutput", "greeting", "string", {"description": "on", "enum": ["a", "b"]}],
    ["addTest", "greets", {"inputs": {"who": "Ada"}, "expected": {"greeting": "x"},
                           "environment": "production", "runs": 3, "passRate": 0.5, "tolerance": 0.1}],
    ["addTest", "alone", {"answers": {"greet": "so"}}],
    ["addTest", "asserts", {"asserts": [{"type": "contains", "value": "x"}]}],
    ["addEnvironment", "production", {"max_tokens": 5}, {"variables": {"salutation": "Good day,"}}],
    ["addDependency", "text-preprocessor", "^1.5"],
    ["addExternalApi", "search", {"hosts": ["a.example"], "secrets": ["KEY"]}],
    ["setRequirements", {"memory": "2Gi", "timeout": "5m"}],
    ["setSecurity", {"data_privacy": {"pii_handling": "mask"}}],
]  # fmt: skip
ABOUT = {"description": "Greets politely", "license": "MIT", "tags": ["yes", "1.0"]}


def test_its_builder_makes_what_pythons_makes() -> None:
    (found,) = ask({"ask": "built", "made": ["greeter", "1.0.0", ABOUT], "calls": GREETER})
    builder = WorkflowBuilder("greeter", "1.0.0", ABOUT)
    builder.add_block("who", label="Who", schema={"type": "string", "maxLength": 9})
    builder.add_block("names", "structured", value=["a", None, {"b": 1.5}], looped=True)
    builder.add_block("greeting")
    config = {"modify_type": "edit_text", "content": "{{salutation}}\n  {{who}}!\n"}
    builder.add_edge("who", "greeting", "modify", id="greet", config=config)
    builder.add_edge(
        "who", "greeting", "modify", id="again", config={}, when="names", on_error="skip"
    )
    both = ["who", "names"]
    builder.add_edge(both, "greeting", when=both, on_error={"value": None})
    builder.add_input("who", required=True, description="Whom: to greet", pii=True)
    builder.add_input("names", "array", default=None, block="names")
    builder.add_output("greeting", description="on", enum=["a", "b"])
    builder.add_test(
        "greets", {"who": "Ada"}, {"greeting": "x"},
        environment="production", runs=3, pass_rate=0.5, tolerance=0.1,
    )  # fmt: skip
    builder.add_test("alone", answers={"greet": "so"})
    builder.add_test("asserts", asserts=[{"type": "contains", "value": "x"}])
    builder.add_environment("production", {"max_tokens": 5}, variables={"salutation": "Good day,"})
    builder.add_dependency("text-preprocessor", "^1.5")
    builder.add_external_api("search", hosts=["a.example"], secrets=["KEY"])
    builder.set_requirements(memory="2Gi", timeout="5m")
    builder.set_security({"data_privacy": {"pii_handling": "mask"}})
    wanted = builder.build()
    assert found["manifest"] == wanted.manifest == load_tree(found["yaml"], "")
    assert found["yaml"] == wanted.to_yaml()


VALUES = (
    None, True, 0, -1, 2**53 - 1, 1.5, -0.25, 1e-7, 5e-324, 1.7e300 / 3e290, [], {}, [[]], [{}],
    [[1, [2]], {"a": [{}]}],
    "", " ", "a b", " a", "a ", "yes", "null", "1.0", "0x1f", "1:30", "~", "2024-01-01", "=", "<<", "- a", "a: b",
    "a #b", "#", "'", '"', "\\", "%", "@", "`", "{{a}}", "é😀", "\u2028", "\u200e", "\ufeff",
    "\t", "a\tb\n", "\n", "\n\n", "a\n", "a\nb", "a\n\n", "\na", "\n\na\n\n", "  a\nb", "a\n  b\n \nc", "a \nb",
    " \n a", "a\r\nb", "---\na", "a\n...\n", "x" * 500, "a\n" + "b" * 500,
    {"yes": 1, "": 2, "a b": 3, "1": 4, "é": 5, "a:": [6], "#": {"-": "x\ny"}},
    [{"a": "x\ny", "b": ["c\n"]}, ["d\n\n"]],
)  # fmt: skip


def test_its_yaml_is_read_back_as_it_was() -> None:
    documents = [{"x": value, "after": [value, [value]]} for value in VALUES]
    texts = ask(*({"ask": "yaml", "value": document} for document in documents))
    for document, text in zip(documents, texts, strict=True):
        assert load_tree(text, "") == document, text


_WHOLE = (
    3  # numbers of a version; behind fewer npm takes what the registry doesn't, and the reverse
)


def _partial(some: random.Random) -> str:
    numbers = some.choices(["0", "1", "2", "10"], k=some.randint(0, 3))
    parts = numbers + some.choices(["x", "*"], k=some.randint(not numbers, 3 - len(numbers)))
    more = some.choice(["", "", "", "-0", "-rc.1", "-a.b+c", "+b"])
    return ".".join(parts) + (more if len(numbers) == _WHOLE else "")


def _alternative(some: random.Random) -> str:
    if some.random() < 0.15:
        return f"{_partial(some)} - {_partial(some)}"
    signs = ["", "^", "~", "~>", ">", "<", ">=", "<=", "=", "v", "=v"]
    words = [
        some.choice(signs) + some.choice(["", "", " "]) + _partial(some)
        for _ in range(some.randint(0, 3))
    ]
    return " ".join(words)


def _pair(some: random.Random) -> dict[str, str]:
    text = some.choice(["||", " || "]).join(_alternative(some) for _ in range(some.randint(1, 3)))
    numbers = some.choices(["0", "1", "2", "3", "10", "11"], k=3)
    more = some.choice(["", "", "-0", "-rc.1", "-rc.2", "-a.b", "-1.a"])
    return {"range": text, "version": ".".join(numbers) + more}


def test_its_ranges_are_npms_and_pythons() -> None:
    some = random.Random(17)  # noqa: S311 - examples
    pairs = [_pair(some) for _ in range(800)]
    asked = [{"ask": kind, **pair} for pair in pairs for kind in ("range", "npmRange")]
    found = ask(*asked)
    assert {True, False, None} == set(found)
    for pair, ours, npms in zip(pairs, found[::2], found[1::2], strict=True):
        assert ours == npms, pair
        if ours is not None and is_valid(pair["range"]):
            assert ours == admits(pair["range"], pair["version"]), pair


KEYS = (
    "t u", "a~b", "con", "nul.txt", "..", "", " ", "é/ü", "x" * 200, "a.", "A@b-c_d.e", "文" * 60, "com¹",
)  # fmt: skip


def test_a_groups_document_is_where_python_puts_it() -> None:
    found = ask(*({"ask": "segment", "key": key} for key in KEYS))
    assert found == [path_segment(key) for key in KEYS]
