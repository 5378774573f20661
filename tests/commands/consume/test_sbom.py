"""`puppy-cli sbom` and the static API say the same of a version that calls nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.store.tree import FolderTree
from tests.catalogue.sbom.test_document import schema
from tests.cli.typed import run
from tests.conftest import RegistryFolder


def test_the_static_api_and_the_command_say_the_same(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry()
    registry.add("hello", "1.0.0")
    files = dict(output_files(OutputSource(FolderTree(registry.root))))
    document = files["api/v1/sboms/hello/hello-1.0.0.cdx.json"]
    schema().validate(json.loads(document))
    assert b"sboms/hello/hello-1.0.0.cdx.json" in files["workflows/hello/1.0.0/index.html"]
    assert b"sboms/hello/hello-1.0.0.cdx.json" in files["workflows/hello/1.0.0/index.md"]
    words = ("puppy-cli", "sbom", "hello:1.0.0", "--registry", registry.root)
    done = run(tmp_path, *words)
    assert json.loads(done.stdout) == json.loads(document)
    assert run(tmp_path, *words, "-o", "out.cdx.json").returncode == 0
    assert json.loads((tmp_path / "out.cdx.json").read_text()) == json.loads(document)
