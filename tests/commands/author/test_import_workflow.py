"""`puppy-cli import puppyflow`: a whole project, or a clear refusal and nothing written."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.author.import_workflow import MAX_FILE, import_workflow
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Severity
from registry_tool.engine.run import RunSettings, run
from registry_tool.manifest.load import load_file
from registry_tool.resolver.candidates import FixedSource
from registry_tool.rules.all_rules import judge
from registry_tool.rules.base import RuleContext, Subject, VersionContent

DATA = Path(__file__).parents[4] / "shared/data/puppyflow"
FILES = sorted([*DATA.glob("*/*.json"), *DATA.glob("templates/*/package.json")])
EXPECTED = DATA / "expected-testkit.json"
REASON = "needs the exported workflows beside the project"
MANIFEST = "workflow-resource.yaml"


_THE_AUTHORS = {
    "license",
    "publishable",
    "opaque-files",
}  # what an export doesn't hold, asked for when it is published, and documents, which somebody looks at


def written(folder: Path, value: Any, name: str = "flow.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
    return file


def workflow(content: Any = "hello") -> dict[str, Any]:
    blocks = {
        "a": {"type": "text", "label": "a", "data": {"content": content}},
        "b": {"type": "text", "label": "b", "data": {"content": "old"}},
    }
    data = {"modify_type": "copy", "content": "{{a}}", "inputs": {"a": "a"}, "outputs": {"b": "b"}}
    return {"blocks": blocks, "edges": {"e": {"type": "modify", "data": data}}}


def judged(project: Path) -> list[str]:
    files = {
        path.relative_to(project).as_posix(): VersionContent(path.read_bytes())
        for path in project.rglob("*")
        if path.is_file()
    }
    manifest = load_file(project / MANIFEST, MANIFEST)
    found = judge(Subject(manifest, files, RuleContext(FixedSource())))
    return [
        finding.message
        for finding in found
        if finding.severity is not Severity.WARNING and finding.rule not in _THE_AUTHORS
    ]


@pytest.mark.skipif(not FILES, reason=REASON)
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_real_file_becomes_a_sound_project(file: Path, tmp_path: Path) -> None:
    result = import_workflow(file, tmp_path / "project")
    loaded = load_file(tmp_path / "project" / MANIFEST).workflow
    assert judged(tmp_path / "project") == []
    assert (result.blocks, result.edges) == (len(loaded.blocks), len(loaded.edges))
    assert import_workflow(file, tmp_path / "project") == result


@pytest.mark.skipif(not EXPECTED.is_file(), reason=REASON)
def test_real_files_run_as_recorded(tmp_path: Path) -> None:
    for name, case in json.loads(EXPECTED.read_text()).items():
        import_workflow(DATA / "testkit" / case["workflow"], tmp_path / name)
        loaded = load_file(tmp_path / name / MANIFEST).workflow
        result = asyncio.run(run(loaded, {}, RunSettings("test")))
        assert {block: result.blocks.get(block) for block in case["outputs"]} == case["outputs"]


def test_the_result_as_json(tmp_path: Path) -> None:
    value = workflow()
    value["blocks"]["a"]["strange"] = 1
    result = import_workflow(written(tmp_path, value), tmp_path / "out")
    assert result.to_value() == {
        "project": str(tmp_path / "out"),
        "blocks": 2,
        "edges": 1,
        "not_carried": [
            {
                "where": "blocks.a",
                "what": "strange",
                "why": "there is no place for it in a manifest",
            }
        ],
        "nodes": [{"id": "e", "type": "modify", "status": "runs", "why": ""}],
    }
    files = [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert sorted(files) == ["README.md", MANIFEST, "workflow-v1.schema.json"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_the_folder_is_named_like_the_workflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert import_workflow(written(tmp_path, workflow(), "My Flow.json")).project == Path("my-flow")
    assert (tmp_path / "my-flow" / MANIFEST).is_file()


def test_only_an_earlier_import_is_replaced(tmp_path: Path) -> None:
    file, out = written(tmp_path, workflow()), tmp_path / "out"
    out.mkdir()
    import_workflow(file, out)
    assert import_workflow(file, out).kept == ()
    edited = (out / MANIFEST).read_bytes() + b"# mine\n"
    (out / MANIFEST).write_bytes(edited)
    kept = import_workflow(written(tmp_path, workflow("again")), out).kept
    assert [path.read_bytes() for path in kept] == [edited]
    (out / "workflow-resource.yaml").write_bytes(edited + b"# more\n")
    import_workflow(file, out)  # the first edition stays where it was put
    assert [path.read_bytes() for path in kept] == [edited]
    assert (out / ".workflow-resource.yaml.before-2").read_bytes() == edited + b"# more\n"
    assert load_file(out / MANIFEST).workflow.block_by_id["a"].value == "again"
    before = (out / MANIFEST).read_bytes()
    with pytest.raises(RegistryError, match="not from an earlier import of other"):
        import_workflow(written(tmp_path, workflow(), "other.json"), out)
    assert (out / MANIFEST).read_bytes() == before


@pytest.mark.parametrize("name", ["notes.txt", MANIFEST])
def test_other_peoples_files_stay(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    written(out, b"mine", name)
    with pytest.raises(RegistryError, match="choose an empty folder with -o"):
        import_workflow(written(tmp_path, workflow()), out)
    assert [path.read_bytes() for path in out.iterdir()] == [b"mine"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"blocks: {", "neither JSON nor YAML"),
        (b"a: &x [1]\nb: *x\n", "alias"),
        (b'{"blocks": {}, "blocks": {}}', "duplicate key"),
        (b'{"blocks": {"a": {"type": "text", "data": {"content": 9007199254740993}}}}', "2\\^53"),
        (b"[" * 1000, "not JSON"),
        (b"[" * 100000, "not JSON"),
        (b'{"nodes": []}', "not in a format that can be imported"),
        (b" " * (MAX_FILE + 1), "more than"),
        (json.dumps(workflow("x y " * 100_000)).encode(), "the manifest would have"),
    ],
)
def test_bad_files_are_refused_and_nothing_is_written(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = written(tmp_path, content)
    with pytest.raises(RegistryError, match=reason) as error:
        import_workflow(file, tmp_path / "out")
    assert str(file) in error.value.location
    assert list(tmp_path.iterdir()) == [file]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="no such file"):
        import_workflow(tmp_path / "nothing.json", tmp_path / "out")


def test_a_record_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    value = workflow()
    value["blocks"]["b"]["data"]["content"] = "x y " * 100_000
    result = import_workflow(written(tmp_path, value), tmp_path / "out")
    assert [(loss.where, loss.what) for loss in result.not_carried] == [
        ("blocks.b", "the content that an earlier run left")
    ]
    assert load_file(tmp_path / "out" / MANIFEST).workflow.blocks[1].value is None


def package(path: str) -> dict[str, Any]:
    blocks = [{"id": "f", "type": "file", "data": {"content": [], "label": "File"}}]
    item = {"id": "r", "type": "file", "block_id": "f", "source": {"path": path}}
    return {"workflow": {"blocks": blocks, "edges": []}, "resources": {"resources": [item]}}


def test_a_package_brings_its_files(tmp_path: Path) -> None:
    written(tmp_path / "template", package("resources/x.txt"), "package.json")
    written(tmp_path / "template/resources", b"text", "x.txt")
    result = import_workflow(tmp_path / "template", tmp_path / "out")
    assert result.not_carried == ()
    assert load_file(tmp_path / "out" / MANIFEST).workflow.name == "template"
    assert (tmp_path / "out/resources/x.txt").read_bytes() == b"text"


def test_resources_never_come_from_outside(tmp_path: Path) -> None:
    secret = written(tmp_path, b"secret", "secret.txt")
    folder = tmp_path / "template"
    file = written(folder, package("../secret.txt"), "package.json")
    with pytest.raises(RegistryError, match="the path"):
        import_workflow(file, tmp_path / "out")
    (folder / "link.txt").symlink_to(secret)
    with pytest.raises(RegistryError, match="leads out"):
        import_workflow(written(folder, package("link.txt"), "package.json"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_is_no_regular_file_is_not_read(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "flow.json"
    if kind == "pipe":
        os.mkfifo(file)
    else:
        file.symlink_to("/dev/zero")
    with pytest.raises(RegistryError, match="not a regular file"):
        import_workflow(file, tmp_path / "out")


def test_a_packages_file_that_leads_out_of_its_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text("{}")
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "package.json").symlink_to("../outside.json")
    with pytest.raises(RegistryError, match="leads out of the package's folder"):
        import_workflow(folder, tmp_path / "out")
