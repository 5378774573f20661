"""Results of a batch: one line an entry, all of them or none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.engine.batch.batch_index import BatchIndex
from registry_tool.engine.batch.ledger import Ledger
from registry_tool.engine.batch.results import write_results
from tests.engine.batch.ledgers import filled, key


def test_results_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    ledger = Ledger(filled(tmp_path / "l", 1))
    roll = BatchIndex()
    roll.load(ledger.locations(), retry_failed=False)
    roll.enter(2, key(1), "a")
    roll.enter(3, key(2), "", "not JSON")
    roll.enter(5, key(9), "")
    output = tmp_path / "deep/er/out.jsonl"
    tally = write_results(output, roll.entries(), ledger)
    assert [json.loads(line) for line in output.read_text().splitlines()] == [
        {"line": 2, "id": "a", "key": key(1), "status": "success", "outputs": {"n": 1}},
        {"line": 3, "status": "refused", "error": "not JSON"},
        {"line": 5, "key": key(9), "status": "missing"},
    ]
    assert (tally.succeeded, tally.failed, tally.refused, tally.missing) == (1, 0, 1, 1)
    before = output.read_bytes()

    def breaks():  # type: ignore[no-untyped-def]
        yield next(roll.entries())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_results(output, breaks(), ledger)
    assert output.read_bytes() == before
    assert [path.name for path in output.parent.iterdir()] == ["out.jsonl"]
    with pytest.raises(RegistryError, match="can't be written"):
        write_results(tmp_path / "l", roll.entries(), ledger)
    ledger.close()
    roll.close()
