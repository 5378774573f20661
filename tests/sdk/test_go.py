"""The Go SDK: its own tests under the race detector, `go vet`, `gofmt`, and whether it reads what Python reads."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from puppyai.workflows import WorkflowClient
from tests.made_once import put_copy
from tests.sdk.conftest import make_site
from tests.sdk.go_sdk import ROOT, SOURCE, go, go_program, has_c_compiler
from tests.sdk.javascript_sdk import conformance_cases
from tests.sdk.live_registry import LiveRegistry, live_registry
from tests.sdk.trust_sites import trust_sites

pytestmark = pytest.mark.e2e  # it takes long where nothing is compiled yet, and begins first
RACE = ["-race"] if has_c_compiler() else []
BUILD = [*RACE, "-gcflags=all=-N -l", "-tags=nethttpomithttp2,netgo,osusergo"]
"""One build for all tests here: with the race detector where it can be had, without optimising, which would
take longer than it saves, and without HTTP/2 and C: Go's library is compiled, too."""


class GoTests(NamedTuple):
    """What `go test` said of each test, what the live registry was asked, and what Go was told there."""

    ended: dict[str, str]
    output: str
    registry: LiveRegistry
    report: dict[str, Any]


@pytest.fixture(scope="module")
def tested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoTests]:
    folder = tmp_path_factory.mktemp("go")
    put_copy(make_site, folder / "site")
    registry = LiveRegistry(folder / "site", token="your-token", cut_streams_after=[99, 1, 0, 1])
    with live_registry(registry), trust_sites() as copies:
        done = go(
            "test", *BUILD, "-json", "./...", CONFORMANCE=str(ROOT / "tests/conformance"),
            LIVE_REGISTRY=registry.address, LIVE_TOLD=str(folder / "told.json"),
            TRUST_SITES=copies,
        )  # fmt: skip
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        output = "".join(line.get("Output", "") for line in lines) + done.stderr
        assert done.returncode == 0, output
        ended = {
            line["Test"]: line["Action"]
            for line in lines
            if "Test" in line and line["Action"] in ("pass", "fail", "skip")
        }
        yield GoTests(ended, output, registry, json.loads((folder / "told.json").read_text()))


def test_its_own_tests_pass_and_run_every_conformance_case(tested: GoTests) -> None:
    cases = [name for name in tested.ended if name.startswith("TestConformance/")]
    assert len(cases) == conformance_cases() > 100
    assert set(tested.ended.values()) == {"pass"}


def test_the_race_detector_finds_nothing(tested: GoTests) -> None:
    if not RACE:
        pytest.skip("the race detector did not run: it needs a C compiler (gcc)")
    assert "DATA RACE" not in tested.output


def test_vet_has_nothing_to_say(tested: GoTests) -> None:
    assert tested.ended  # what is compiled for the tests is used again
    done = go("vet", *BUILD, "./...")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_is_formatted_as_gofmt_does() -> None:
    done = subprocess.run(
        [go_program("gofmt"), "-l", str(SOURCE)], check=True, capture_output=True, text=True
    )
    assert done.stdout == ""


def test_it_needs_the_standard_library_alone() -> None:
    assert sorted(path.name for path in SOURCE.glob("go.*")) == ["go.mod"]
    assert "require" not in (SOURCE / "go.mod").read_text()
    texts = [path.read_text("utf-8") for path in SOURCE.rglob("*.go")]
    imports = {
        one for text in texts for one in re.findall(r'^(?:import |\t)"([^"]+)"$', text, re.M)
    }
    ours = "github.com/puppyai/workflow-registry/sdks/go/workflows"
    assert {one for one in imports if "." in one.partition("/")[0]} == {
        ours,
        f"{ours}/internal/tuf",
    }


def test_the_documentations_examples_are_compiled_ones() -> None:
    shown = re.findall(
        r"^```go\n(.*?)^```$", (ROOT / "docs/sdk-go.md").read_text("utf-8"), re.M | re.S
    )
    compiled = (SOURCE / "workflows/example_test.go").read_text("utf-8")
    bodies = re.findall(r"^func Example_\w+\(\) \{\n(.*?)^\}$", compiled, re.M | re.S)
    assert sorted(shown) == sorted(textwrap.dedent(body.expandtabs(4)) for body in bodies)
    assert len(shown) >= 5


def test_every_exported_name_is_in_the_documentation() -> None:
    text = (ROOT / "docs/sdk-go.md").read_text("utf-8")
    code = "\n".join(
        path.read_text("utf-8")
        for path in SOURCE.rglob("*.go")
        if not path.name.endswith("_test.go") and "internal" not in path.parts
    )
    names = set(re.findall(r"^(?:func|type) ([A-Z]\w*)", code, re.M))
    names |= set(re.findall(r"^\t?(?:var )?(Err[A-Z]\w*) += errors.New", code, re.M))
    methods = {
        f"{of}.{name}"
        for of, name in re.findall(r"^func \(\w+ \*?([A-Z]\w*)\) ([A-Z]\w*)", code, re.M)
    }
    methods -= {"Error.Error", "Error.Is", "Error.Unwrap", "Finding.UnmarshalJSON"}
    assert {name for name in names if f"`{name}" not in text} == set()
    assert {name for name in methods if name.partition(".")[2] + "(" not in text} == set()


def test_a_live_registry_as_python_reads_it(tested: GoTests) -> None:
    output, client = tested.report, WorkflowClient(str(tested.registry.folder))
    there, old = client.get_workflow("hello"), client.get_workflow("hello", "1.0.0")
    assert output["names"] == [one.name for one in client.list_workflows()]
    assert output["found"] == [one.name for one in client.search("HELLO")]
    assert (output["reference"], output["digest"]) == (there.reference, there.digest)
    assert (output["description"], output["files"]) == (there.description, sorted(there.files))
    assert (output["inputs"], output["outputs"]) == (there.inputs[0].name, there.outputs[0].type)
    assert output["required"] is there.inputs[0].required is True
    needs = client.get_workflow("caller").dependencies
    assert output["dependencies"] == [
        {"Name": need.name, "Range": need.range, "Registry": need.registry} for need in needs
    ]
    package = Path(client.registry_url) / "api/v1/packages/hello/hello-1.0.0.wfpkg"
    assert output["old"][:3] == ["hello", "1.0.0", old.digest]
    assert base64.b64decode(output["old"][3]) == package.read_bytes()


def test_a_live_registry_runs_for_it(tested: GoTests) -> None:
    output, run = tested.report, tested.report["run"]
    assert output["greeting"] == run["greeting"] == "Hello, you!"
    assert (run["events"][0], run["events"][-1]) == ("execution_started", "execution_finished")
    assert run["id"] in tested.registry.runs
    misspelled, beyond, without = output["failed"]
    assert (misspelled["kind"], beyond["kind"]) == ("not-found", "not-found")
    assert "did you mean hello?" in misspelled["told"]
    assert "there are 1.1.0, 1.0.0" in beyond["told"]
    assert without["kind"] == "invalid-request"
    assert "'who' is required" in without["told"]
    waits = {"IsPublished": False, "PullRequest": "https://example.org/pull/7"}
    assert output["published"] == {
        "Name": "hello", "Version": "1.1.0", "Held": "the name is new", **waits,
    }  # fmt: skip
    streams = [one for one in tested.registry.seen if one.path.endswith("/events")]
    assert [one.headers.get("last-event-id") for one in streams][1:5] == [None, "1", "1", "2"]
    assert tested.registry.violations == []
