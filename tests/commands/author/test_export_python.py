"""`puppy-cli export python`: a script, or a refusal and nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry_tool.cli.puppy import cli
from registry_tool.commands.author.export_python import export_python
from registry_tool.core.errors import RegistryError

ROOT = Path(__file__).parents[3]


def test_a_published_version_is_named_like_its_workflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["export", "python", "ticket-router:1.0.0", "--registry", str(ROOT)]
    done = CliRunner().invoke(cli, [*asked, "--format", "json"], catch_exceptions=False)
    assert json.loads(done.stdout) == {"file": "ticket-router.py", "requirements": ["httpx>=0.27"]}
    assert (tmp_path / "ticket-router.py").read_text().startswith("# /// script\n")
    told = CliRunner().invoke(cli, asked, catch_exceptions=False).stdout
    assert (
        told == "ticket-router.py (requires httpx>=0.27).\nNext: uv run ticket-router.py --help\n"
    )


def test_what_no_script_can_do_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "faq.py"
    with pytest.raises(RegistryError, match="load edge read") as error:
        export_python("faq-answerer:1.0.0", str(ROOT), file)
    assert str(error.value.location).startswith("faq-answerer:1.0.0: edges.read")
    assert not file.exists()
    with pytest.raises(RegistryError, match="is a folder"):
        export_python("ticket-router:1.0.0", str(ROOT), tmp_path)


def test_what_stood_there_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "router.py"
    file.write_text("mine")
    kept = export_python("ticket-router:1.0.0", str(ROOT), file).kept
    assert kept is not None
    assert kept.read_text() == "mine"
