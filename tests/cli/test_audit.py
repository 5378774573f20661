"""What `audit verify` says of what it looked at, and with which key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from registry_tool.cli.audit import WITHOUT_RUNS
from registry_tool.cli.registry import cli
from registry_tool.core.hash_chain import ChainProblem
from registry_tool.security.audit import UNNOTED
from registry_tool.state import audit_verify as audit
from registry_tool.state.audit_verify import KEYLESS, AuditVerdict


def printed(
    monkeypatch: pytest.MonkeyPatch, root: Path, verdict: AuditVerdict, *words: str | Path
) -> str:
    """What the command prints of a verdict."""
    (root / "registry").mkdir()
    (root / "registry/registry.yaml").write_text("name: Test registry\n")
    monkeypatch.setattr(audit, "verify_audit", lambda *_: verdict)
    done: Any = CliRunner().invoke(cli, ["audit", "verify", "--root", str(root), *map(str, words)])
    assert done.exit_code == bool(verdict.broken)
    return str(done.output)


def test_an_environment_without_a_key_is_not_called_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counts = {"development": 0, "staging": 1, "production": 2}
    keyless = (ChainProblem("events/development/hello/00000006.json", KEYLESS),)
    verdict = AuditVerdict(counts, (), ("production",), keyless, ("production", "staging"))
    lines = printed(monkeypatch, tmp_path, verdict).splitlines()
    assert lines[:3] == [
        "development: 0 entries, no key is published",
        "staging: 1 entry, checked by the published keys",
        "production: 2 entries, checked by the key at hand",
    ]


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ({"2026-11": 1, "2026-12": 2}, ["runs-2026-11: 1 run record as the checkpoint has them",
                                        "runs-2026-12: 2 run records as the checkpoint has them"]),
        ({}, []),
        (None, [WITHOUT_RUNS]),
    ],
)  # fmt: skip
def test_what_a_checkpoint_covers_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, runs: dict[str, int] | None, said: list[str]
) -> None:
    verdict = AuditVerdict({"production": 1}, (), ("production",), run_records=runs)
    lines = printed(monkeypatch, tmp_path, verdict, "--checkpoint", tmp_path / "kept").splitlines()
    assert lines == ["production: 1 entry, checked by the key at hand", *said, "Whole."]


@pytest.mark.parametrize(
    ("reasons", "advice"),
    [
        ((UNNOTED,), "`registry-tool reconcile` with the environment's key notes it"),
        ((UNNOTED, "not JSON"), "docs/restore.md"),
    ],
)
def test_what_is_broken_comes_with_a_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reasons: tuple[str, ...], advice: str
) -> None:
    broken = tuple(ChainProblem("events/x", reason) for reason in reasons)
    assert advice in printed(monkeypatch, tmp_path, AuditVerdict({"production": 1}, broken))
