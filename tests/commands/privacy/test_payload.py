"""An operator reads what a run was given; the audit log says so before it is given out."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.privacy.payload import open_payload_file
from registry_tool.core.errors import UsageError
from registry_tool.security.encrypt import seal_payload
from registry_tool.security.keys import VARIABLE, parse_ring
from registry_tool.state.audit_log import entries
from registry_tool.state.runs.keys import context_of, keep_key, run_key
from tests.commands.privacy_places import NOW, OLD, make_place


def test_what_is_opened_is_noted_first(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    ring = parse_ring(OLD[VARIABLE], "production")
    blob, wrapped = seal_payload(b"words", ring, context_of("production", "exec-1"))
    keep_key(location, run_key("production", "exec-1", wrapped, NOW))
    file = tmp_path / "payload.bin"
    file.write_bytes(blob)
    assert open_payload_file(location, file, "production", "exec-1", OLD) == b"words"
    (entry,) = entries(location)
    assert (entry.action, entry.detail) == ("payload-open", {"execution": "exec-1"})


def test_an_unknown_environment_is_refused_and_nothing_noted(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    with pytest.raises(UsageError, match="no environment 'prodution'"):
        open_payload_file(location, tmp_path / "x", "prodution", "exec-1", OLD)
    assert list(entries(location)) == []
