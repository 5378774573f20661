"""What jobs install is asked about by the real pip-audit; where nobody answers, that is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from registry_tool.commands.monitor import vulnerabilities as module
from registry_tool.commands.monitor.vulnerabilities import (
    DependencyAudit,
    licence_of,
    reported,
    vulnerabilities,
)
from registry_tool.core.errors import NotFoundError
from tests.cli.typed import run
from tests.serving import serving

LOCK = """\
jinja2==3.1.6 \\
    --hash=sha256:{0}
oldone==1.0 \\
    --hash=sha256:{0}
""".format("0" * 64)
HOLE = {
    "id": "PYSEC-2026-1",
    "summary": "It lets anybody in",
    "aliases": ["CVE-2026-1"],
    "affected": [
        {
            "package": {"name": "oldone", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


class _Known(BaseHTTPRequestHandler):
    """OSV's API for a package that has a hole and others that have none."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        found = {"vulns": [HOLE]} if asked["package"]["name"] == "oldone" else {}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def osv() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Known)
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}/v1/query"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "requirements.lock"
    file.write_text(LOCK)
    return file


def test_holes_licences_and_silence_are_distinguished(lock: Path, tmp_path: Path) -> None:
    words = ("registry-tool", "vulnerabilities", lock.name, "--service")
    with osv() as address:
        done = run(tmp_path, *words, address, "--format", "json")
    assert done.returncode == 1, done.stderr
    (file,) = json.loads(done.stdout)["files"]
    assert (file["packages"], file["not_run"]) == (2, None)
    assert file["vulnerable"] == [
        {
            "package": "oldone",
            "version": "1.0",
            "vulnerabilities": [
                {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fixed_in": ["1.1"]}
            ],
        }
    ]
    assert file["licences"] == {"jinja2": "BSD License"}
    done = run(tmp_path, *words, address, "--format", "markdown")  # nobody is there any more
    assert done.returncode == 0
    line = done.stdout.splitlines()[0]
    assert "requirements.lock: NOT RUN, so nothing is known of its 2 packages" in line
    ours, _, theirs = line.partition(". Its last line: ")
    assert f"{address} couldn't be asked; look at the network and the proxy" in ours
    assert ours.endswith("or name another with --service")
    assert "ConnectionError" in theirs
    assert len(theirs) < 200


def test_a_package_that_was_skipped_is_not_one_without_holes() -> None:
    asked = DependencyAudit("requirements.lock", 2)
    good, skipped = {"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "gone"}
    found = reported(asked, json.dumps({"dependencies": [good, skipped]}), "")
    assert (found.not_run, found.skipped) == ("", ("b",))
    for packages, reason in (([skipped], "gone"), ([], "pip-audit saw no package")):
        found = reported(asked, json.dumps({"dependencies": packages}), "")
        assert found.not_run == reason
    found = reported(asked, "", f"Traceback:\n  bad hash{'h' * 400}\n\n")
    assert found.not_run.startswith("pip-audit gave no report; run `pip-audit")
    assert ". Its last line: bad hashhh" in found.not_run
    assert found.not_run.endswith("h…")
    assert "last line" not in reported(asked, "", "").not_run


def test_without_pip_audit_nobody_looked(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    (found,) = vulnerabilities([lock])
    assert found.not_run == "pip-audit is not installed (pip install pip-audit)"
    assert found.vulnerable == ()


def test_a_file_that_isnt_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as raised:
        vulnerabilities([tmp_path / "none.lock"])
    assert raised.value.location == str(tmp_path / "none.lock")


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ([("License-Expression", "MIT"), ("License", "other")], "MIT"),
        (
            [("Classifier", "License :: OSI Approved :: MIT License"), ("License", "x")],
            "MIT License",
        ),
        ([("License", "BSD")], "BSD"),
        ([("License", "Copyright\nPermission is hereby granted")], ""),
        ([], ""),
    ],
)
def test_a_licence_is_read_where_packages_state_it(
    fields: list[tuple[str, str]], licence: str
) -> None:
    about = Message()
    for name, value in fields:
        about[name] = value
    assert licence_of(about) == licence  # type: ignore[arg-type]
