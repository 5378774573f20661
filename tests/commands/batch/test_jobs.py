from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.commands.batch.jobs import BatchRequest, matrix, merge_parts, run_part, shards_of
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.runs import list_runs
from registry_tool.core.errors import UsageError
from registry_tool.monitoring.quota import QuotaError
from registry_tool.runtime.batch.session import BatchOptions
from registry_tool.state.runs.records import read_records
from registry_tool.state.target import Target
from tests.commands.conftest import add_version

EVE, MIA, BOB = Requester(22, "eve"), Requester(21, "mia"), Requester(8, "bob")


@pytest.fixture
def items(tmp_path: Path) -> Path:
    path = tmp_path / "items.jsonl"
    path.write_text("".join(f'{{"who": "number {number}"}}\n' for number in range(12)))
    return path


def how(items: Path, shard: str) -> BatchOptions:
    index = shard.split("/", maxsplit=1)[0]
    output = items.with_name(f"part-{index}.jsonl")
    return BatchOptions(
        items, output, items.parent / f"ledger-{index}", executor=f"shard={shard}", processes=1
    )


def request(target: Target, who: Requester = EVE, name: str = "b1") -> BatchRequest:
    return BatchRequest(target, "production", "hello", name, who)


def test_a_matrix_has_no_more_parts_than_items(items: Path) -> None:
    assert shards_of(2) == ["1/2", "2/2"]
    assert matrix(["1/2", "2/2"]) == {
        "include": [{"shard": "1/2", "part": 1}, {"shard": "2/2", "part": 2}]
    }
    assert len(shards_of(100, items)) == 12
    items.write_text("\n")
    assert shards_of(8, items) == ["1/1"]
    items.write_text(f"{'x' * 3 * 2**20}\n \n\n{' ' * 2**21}y\nz")
    assert len(shards_of(8, items)) == 3, "a line longer than a piece is one"
    with pytest.raises(UsageError, match="257 parts"):
        shards_of(257)


def test_parts_run_their_items_are_counted_and_merge(served: Target, items: Path) -> None:
    parts = [run_part(request(served), how(items, f"{number}/3")) for number in (1, 2, 3)]
    assert sum(part.report.counts.ran for part in parts) == 12
    runs = list_runs(served, "hello", "production", every=True)
    assert [run.start.execution_id for run in runs] == [f"b1-{n}-of-3" for n in (1, 2, 3)]
    assert sum(run.start.runs for run in runs) == 12
    assert {run.status for run in runs} == {"success"}
    merged = merge_parts(
        request(served),
        BatchOptions(items, items.with_name("all.jsonl"), items.parent / "all"),
        [items.parent / f"ledger-{number}" for number in (1, 2, 3)],
        3,
    )
    assert merged.report.tally.succeeded == 12
    assert merged.lacking == {}
    lines = (items.parent / "all.jsonl").read_text().splitlines()
    assert json.loads(lines[7])["outputs"] == {"greeting": "Hello, number 7!"}


def test_what_is_missing_is_said_by_part_and_made_up_for(served: Target, items: Path) -> None:
    for number in (1, 3):
        run_part(request(served), how(items, f"{number}/3"))
    messages: list[str] = []
    into = BatchOptions(items, items.with_name("all.jsonl"), items.parent / "all")
    ledgers = [items.parent / f"ledger-{number}" for number in (1, 2, 3)]
    merged = merge_parts(request(served), into, ledgers, 3, messages.append)
    assert list(merged.lacking) == ["2/3"]
    assert merged.report.tally.missing == merged.lacking["2/3"]
    assert messages == [f"{ledgers[1]}: there is no ledger"]
    run_part(request(served), how(items, "2/3"))
    merged = merge_parts(request(served), into, ledgers, 3)
    assert merged.report.tally.succeeded == 12


def test_a_part_that_is_run_again_counts_once_and_runs_what_it_lacks(
    served: Target, items: Path
) -> None:
    first = how(items, "1/1")
    run_part(request(served), first)
    again = run_part(request(served), first)
    assert (again.admission, again.report.counts.ran) == (None, 0)
    assert first.ledger is not None
    shutil.rmtree(first.ledger)  # the runner was lost, and its ledger with it
    third = run_part(request(served), first)
    assert third.admission is not None
    assert third.admission.repeated
    (run,) = list_runs(served)
    assert run.start.runs == 12
    assert len(run.ends) == 2


def test_a_plan_that_has_too_few_runs_left_refuses_the_part(served: Target, items: Path) -> None:
    with pytest.raises(QuotaError, match="only 3 of 12 runs are left"):
        run_part(request(served, BOB), how(items, "1/1"))
    assert read_records(served) == []
    assert not how(items, "1/1").output.exists()


def test_other_items_under_the_same_id_are_another_batch(served: Target, items: Path) -> None:
    run_part(request(served), how(items, "1/1"))
    items.write_text('{"who": "somebody else"}\n')
    with pytest.raises(UsageError, match="is the id of another run"):
        run_part(request(served), how(items, "1/1"))


def test_ceilings_are_each_items_times_their_number(served: Target, items: Path) -> None:
    part = run_part(request(served, MIA), how(items, "1/1"))
    assert part.admission is not None
    assert part.admission.ceiling.tokens == 900  # the plan's, less than 12 × 500
    part = run_part(replace(request(served, EVE, "b2"), max_tokens=70), how(items, "1/2"))
    assert part.admission is None or part.admission.ceiling.tokens == 70


def test_a_version_that_demands_encryption_has_no_batches(served: Target, items: Path) -> None:
    add_version(served, "1.1.0", "\nsecurity: { data_privacy: { encryption: aes-256 } }\n")
    deploy(served, "hello:1.1.0", "production")
    with pytest.raises(UsageError, match="requires encryption"):
        run_part(request(served), how(items, "1/1"))
