"""`scripts/bill_of_materials.py`: what a release is made of, from its own metadata."""

from __future__ import annotations

import io
import json
import runpy
import tarfile
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.catalogue.sbom.test_document import schema

ROOT = Path(__file__).parents[1]
METADATA = """\
Metadata-Version: 2.4
Name: Some_Tool
Version: 1.2.3
Summary: Does it
License-Expression: Apache-2.0
Requires-Dist: click>=8.1
Requires-Dist: PyYAML>=6,<7
Requires-Dist: some-tool[files]; extra == 'all'
Provides-Extra: files
Requires-Dist: pyjwt[crypto]>=2.10; extra == 'files'
Requires-Dist: click>=8.2; extra == 'files'

Read me.
"""
LOCK = "click==8.3.1 \\\n    --hash=sha256:00\npyyaml==6.0.3 ; python_version > '3' \\\n"


@pytest.fixture(scope="module")
def main() -> Any:
    """The script's `main`."""
    return runpy.run_path(str(ROOT / "scripts/bill_of_materials.py"))["main"]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder with a wheel, a source distribution and a lock."""
    (tmp_path / "dist").mkdir()
    with zipfile.ZipFile(tmp_path / "dist/some_tool-1.2.3-py3-none-any.whl", "w") as wheel:
        wheel.writestr("some_tool-1.2.3.dist-info/METADATA", METADATA)
    with tarfile.open(tmp_path / "dist/some_tool-1.2.3.tar.gz", "w:gz") as source:
        member = tarfile.TarInfo("some_tool-1.2.3/PKG-INFO")
        member.size = len(METADATA)
        source.addfile(member, io.BytesIO(METADATA.encode()))
    (tmp_path / "lock").write_text(LOCK)
    return tmp_path


def ask(main: Any, release: Path, *more: str) -> Any:
    folders = [str(release / name) for name in ("dist", "sbom")]
    return main([*folders, "--lock", str(release / "lock"), *more])


def test_each_file_has_a_document_that_the_standard_takes(
    main: Any, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert ask(main, release) == 0
    for file in (release / "dist").iterdir():
        document = json.loads((release / "sbom" / f"{file.name}.cdx.json").read_text())
        schema().validate(document)
        about = document["metadata"]
        assert about["timestamp"] == "2023-11-14T22:13:20+00:00"
        assert about["component"]["version"] == "1.2.3"
        assert about["component"]["licenses"] == [{"expression": "Apache-2.0"}]
        digest = about["component"]["hashes"][0]["content"]
        assert digest == sha256(file.read_bytes()).hexdigest()
        found = {one["name"]: one for one in document["components"]}
        assert {name: one["scope"] for name, one in found.items()} == {
            "click": "required",
            "pyyaml": "required",
            "pyjwt": "optional",
        }
        facts = [(one["name"], one["value"]) for one in found["click"]["properties"]]
        assert facts == [
            ("puppyai:extra", "files"),
            ("puppyai:installed-by-jobs", "8.3.1"),
            ("puppyai:requirement", "click>=8.1"),
            ("puppyai:requirement", "click>=8.2; extra == 'files'"),
        ]


def test_the_same_files_give_the_same_bytes_and_others_are_named(
    main: Any, release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask(main, release) == 0
    first = {path.name: path.read_bytes() for path in (release / "sbom").iterdir()}
    assert ask(main, release) == 0
    assert {path.name: path.read_bytes() for path in (release / "sbom").iterdir()} == first
    assert ask(main, release, "--check") == 0
    wheel = release / "dist/some_tool-1.2.3-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "a") as opened:
        opened.writestr("more.py", "")
    (release / "dist/some_tool-1.2.3.tar.gz").unlink()
    assert ask(main, release, "--check") == 1
    said = capsys.readouterr().err
    assert said.count("not the bill of materials of what was built") == 2


def test_what_can_not_be_described_is_named(main: Any, release: Path) -> None:
    (release / "dist/notes.txt").write_text("x")
    with pytest.raises(SystemExit, match=r"notes\.txt: not a wheel or source distribution"):
        ask(main, release)
    with zipfile.ZipFile(release / "dist/bare.whl", "w") as wheel:
        wheel.writestr("bare.dist-info/METADATA", "Name: bare\nVersion: 1\n")
    with pytest.raises(SystemExit, match=r"bare\.whl: its metadata lacks License-Expression"):
        ask(main, release)


def test_what_is_released_is_described(main: Any, tmp_path: Path) -> None:
    """The project's own metadata, as hatchling writes it, without a build."""
    from hatchling.metadata.core import ProjectMetadata
    from hatchling.metadata.spec import construct_metadata_file_2_4
    from hatchling.plugin.manager import PluginManager

    core = ProjectMetadata(str(ROOT), PluginManager())
    (tmp_path / "dist").mkdir()
    with zipfile.ZipFile(tmp_path / "dist/tool.whl", "w") as wheel:
        wheel.writestr("tool.dist-info/METADATA", construct_metadata_file_2_4(core))
    (tmp_path / "lock").write_text((ROOT / ".github/requirements.lock").read_text())
    assert ask(main, tmp_path) == 0
    document = json.loads((tmp_path / "sbom/tool.whl.cdx.json").read_text())
    schema().validate(document)
    required = [one for one in document["components"] if one["scope"] == "required"]
    assert {one["name"] for one in required} >= {"click", "gitpython", "msgspec"}
    assert all("installed-by-jobs" in str(one["properties"]) for one in required)
