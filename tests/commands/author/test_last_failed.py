from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.last_failed import LastFailed
from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.testing.run_cases import CaseResult

FAILED, PASSED = (CaseResult("a", Outcome.FAILED), CaseResult("a", Outcome.PASSED))


def test_what_was_not_run_stays_as_it_was(tmp_path: Path) -> None:
    memory = LastFailed("/project", tmp_path)
    memory.remember([FAILED, CaseResult("b", Outcome.ERROR)])
    assert memory.names() == {"a", "b"}
    memory.remember([PASSED])
    assert memory.names() == {"b"}
    assert LastFailed("/other", tmp_path).names() == frozenset()
    memory.remember([CaseResult("b", Outcome.PASSED)])
    assert list((tmp_path / "last-failed").iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"{", b"5", b"\xff"])
def test_a_broken_file_is_no_memory(tmp_path: Path, data: bytes) -> None:
    memory = LastFailed("/project", tmp_path)
    memory.remember([FAILED])
    (file,) = (tmp_path / "last-failed").iterdir()
    file.write_bytes(data)
    assert memory.names() == frozenset()
