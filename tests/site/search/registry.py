"""The workflows that searches are tried on: this registry's own, telling ones, and generated ones around."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from benchmarks.generated_summaries import summaries
from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.summaries import summarise
from registry_tool.core.values import Object
from registry_tool.site.search.index import search_files
from registry_tool.store.tree import FolderTree

ROOT = Path(__file__).parents[3]
GENERATED = 1500


def published() -> list[Object]:
    """The summaries of this registry's workflows."""
    found = [summarise(line) for line in load_catalogue(FolderTree(ROOT)).lines]
    return [{**summary, "score": percent(summary["score"])} for summary in found]


def percent(score: Any) -> int:
    """A score as one number, so that tests compare it with those of the others."""
    return round(100 * score["total"] / score["of"])


def everything() -> list[Object]:
    """All of them, in the order of their slots; a name is one workflow's, so a made one gives way."""
    document = cast(
        list[Object], json.loads((Path(__file__).parent / "workflows.json").read_text())
    )
    written = [*published(), *document]
    taken = {one["name"] for one in written}
    return [*written, *(one for one in summaries(GENERATED) if one["name"] not in taken)]


def write(documents: Sequence[Object], folder: Path) -> Path:
    """The index of the workflows, in a folder."""
    for path, data in search_files(enumerate(documents)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def ask(folder: Path, requests: Sequence[object]) -> list[Any]:
    """What the site's own script answers (tests/node/search.mjs says what may be asked)."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed: the site's script was not run")
    done = subprocess.run(
        [node, ROOT / "tests/node/search.mjs", folder],
        input=json.dumps(requests), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return cast(list[Any], json.loads(done.stdout))
