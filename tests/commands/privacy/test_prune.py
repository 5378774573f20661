"""Pruning: exactly what is past its retention goes, and nothing younger."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.commands.privacy.prune import Months, prune
from registry_tool.core.clock import FixedClock, instant
from registry_tool.core.errors import UsageError
from registry_tool.engine.result_cache import folder_cache, prune_caches
from registry_tool.security.encrypt import seal_payload
from registry_tool.security.keys import VARIABLE, parse_ring
from registry_tool.state.audit_log import entries
from registry_tool.state.runs.keys import context_of, keep_key, run_key, run_keys
from registry_tool.store.branch import Branch
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from tests.commands.privacy_places import NOW, OLD, LocationStandIn, git, make_place

RING = parse_ring(OLD[VARIABLE], "production")
DAY = timedelta(days=1)


@dataclass
class Record:
    """A record, as far as pruning looks at it."""

    workflow: str
    version: str
    time: str
    environment: str = "production"


def keep(location: LocationStandIn, name: str, retention: str, created: datetime = NOW) -> None:
    _, wrapped = seal_payload(b"x", RING, context_of("production", name))
    keep_key(location, run_key("production", name, wrapped, created, retention))


def left(location: LocationStandIn) -> list[str]:
    return [key.execution_id for key in run_keys(location)]


@pytest.fixture
def location(make_registry: Callable[..., object]) -> LocationStandIn:
    """`kept` has a retention of thirty days, `hello` none."""
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    folder: Path = registry.add("kept", "1.0.0")  # type: ignore[attr-defined]
    manifest = folder / "manifest.yaml"
    manifest.write_text(
        manifest.read_text() + "security: { data_privacy: { data_retention: 30d } }\n"
    )
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Publish")  # type: ignore[attr-defined]
    return LocationStandIn(registry.root, "", FixedClock(NOW, timedelta(seconds=1)))  # type: ignore[attr-defined]


def test_keys_go_at_their_end_and_not_before(location: LocationStandIn) -> None:
    keep(location, "exec-1", "30d")
    keep(location, "exec-2", "90d")
    keep(location, "exec-3", "")
    how = {"environment": "production", "environ": OLD}
    assert prune(location, {}, now=NOW + 30 * DAY - timedelta(seconds=1), **how).keys == {}  # type: ignore[arg-type]
    assert left(location) == ["exec-1", "exec-2", "exec-3"]
    assert list(entries(location)) == [], "nothing went, so nothing is noted"
    assert prune(location, {}, now=NOW + 30 * DAY, **how).keys == {"production": 1}  # type: ignore[arg-type]
    assert left(location) == ["exec-2", "exec-3"]
    assert prune(location, {}, now=NOW + 9999 * DAY, **how).keys == {"production": 1}  # type: ignore[arg-type]
    assert left(location) == ["exec-3"]
    [first, second] = entries(location)
    assert (first.action, first.detail) == (
        "prune",
        {"executions": ["exec-1"], "log_lines": 0, "months": []},
    )
    assert second.number == 2


def test_a_dry_run_changes_nothing(location: LocationStandIn) -> None:
    keep(location, "exec-1", "30d")
    refs = git(location.root, "for-each-ref")
    later = NOW + 31 * DAY
    plan = prune(location, {}, environment="production", now=later, dry_run=True, environ=OLD)
    assert (plan.keys, plan.dry_run) == ({"production": 1}, True)
    assert git(location.root, "for-each-ref") == refs


def test_other_environments_are_left_alone(location: LocationStandIn) -> None:
    keep(location, "exec-1", "30d")
    prune(location, {}, environment="development", now=NOW + 99 * DAY, environ=OLD)
    assert left(location) == ["exec-1"]


def test_a_key_without_its_environment_is_refused(location: LocationStandIn) -> None:
    with pytest.raises(UsageError, match="is one environment's key"):
        prune(location, {}, environ=OLD)
    assert prune(location, {}, environ={}).to_value()["wrapped_keys"] == {}


def log(location: LocationStandIn, name: str, *times: datetime) -> Path:
    path = location.root / f".git/registry-tool/logs/production/{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"name": name, "version": "1.0.0", "execution_id": "exec-1"}
    lines = [json.dumps({"timestamp": instant(time), "workflow": about}) for time in times]
    path.write_text("".join(f"{line}\n" for line in lines) + "a line that is being wri")
    return path


def test_log_lines_go_by_the_retention_of_their_version(location: LocationStandIn) -> None:
    kept, hello = (
        log(location, name, NOW - 31 * DAY, NOW - 29 * DAY) for name in ("kept", "hello")
    )
    done = prune(location, {}, environment="production", now=NOW, environ=OLD)
    assert done.log_lines == {"production": 1}
    assert kept.read_text().startswith('{"timestamp": "2026-01-31')
    assert kept.read_text().endswith("a line that is being wri")
    assert len(hello.read_text().splitlines()) == 3, "no retention bounds it"
    assert prune(location, {}, environment="production", now=NOW, environ=OLD).log_lines == {}


def month(location: LocationStandIn, name: str, *records: Record) -> Months:
    """A month's branch, in a registry that deploys: without `deployments` its state would count as lost."""
    somebody = Identity("x", "x@x", NOW.isoformat())
    for branch, path in (
        ("deployments", "about.txt"),
        (f"runs-{name}", "production/00000001.json"),
    ):
        Branch(Repository(location.root), branch).write(
            lambda _, path=path: {path: b"{}"}, "x", somebody
        )
    return {name: records}


def test_months_of_records_go_whole_once_nothing_in_them_is_kept(location: LocationStandIn) -> None:
    old = month(location, "2026-01", Record("kept", "1.0.0", "2026-01-02T00:00:00.000Z"))
    mixed = month(
        location,
        "2025-12",
        Record("kept", "1.0.0", "2025-12-02T00:00:00.000Z"),
        Record("hello", "1.0.0", "2025-12-02T00:00:00.000Z"),
    )
    months = {**old, **mixed}
    how = {"environment": "production", "environ": OLD}
    early = datetime(2026, 2, 1, tzinfo=UTC)
    assert prune(location, months, now=early, **how).months == ()  # type: ignore[arg-type]
    done = prune(location, months, now=NOW, **how)  # type: ignore[arg-type]
    assert done.months == ("2026-01",)
    assert git(location.root, "branch", "--list", "runs-*").split() == ["runs-2025-12"]
    assert next(entries(location)).detail == {
        "executions": [],
        "log_lines": 0,
        "months": ["2026-01"],
    }


def test_the_registry_bounds_records_that_no_version_bounds(location: LocationStandIn) -> None:
    settings = location.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + "policy: { record_retention: 60d }\n")
    months = month(location, "2025-12", Record("hello", "1.0.0", "2025-12-31T23:59:59.000Z"))
    how = {"environment": "production", "environ": OLD}
    end = datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC) + 60 * DAY
    assert prune(location, months, now=end - timedelta(seconds=1), **how).months == ()  # type: ignore[arg-type]
    assert prune(location, months, now=end, **how).months == ("2025-12",)  # type: ignore[arg-type]


def test_this_month_and_the_one_before_stay(location: LocationStandIn) -> None:
    """Plans count this month; its first record holds the hash of the last one before."""
    short = Record("kept", "1.0.0", "2026-02-01T00:00:00.000Z")
    months = month(location, "2026-02", short)
    late = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
    how = {"environment": "production", "environ": OLD}
    assert prune(location, months, now=late, **how).months == ()  # type: ignore[arg-type]
    assert prune(location, months, now=late + timedelta(minutes=1), **how).months == ("2026-02",)  # type: ignore[arg-type]


def test_a_month_goes_from_the_remote(tmp_path: Path) -> None:
    location = make_place(tmp_path, remote=True)
    settings = location.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + "policy: { record_retention: 10d }\n")
    somebody = Identity("x", "x@x", NOW.isoformat())
    for branch in ("deployments", "runs-2025-12"):
        Branch(Repository(location.root), branch, "origin").write(
            lambda _: {"production/00000001.json": b"{}"}, "x", somebody
        )
    months = {"2025-12": (Record("gone", "9.9.9", "2025-12-02T00:00:00.000Z"),)}
    prune(location, months, environment="production", now=NOW, environ=OLD)
    assert "runs-2025-12" not in git(tmp_path / "origin.git", "branch", "--list")


@given(st.lists(st.integers(0, 100), max_size=12), st.integers(0, 120))
def test_nothing_younger_is_ever_counted(
    tmp_path_factory: pytest.TempPathFactory, ages: list[int], today: int
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    for number, day in enumerate(ages):
        retention = ("", "7d", "90d")[number % 3]
        cache = folder_cache(folder, retention)
        cache.put(f"{number:064x}", {"x": day})
        [path] = folder.glob(f"results-*/00/{number:062x}.json")
        os.utime(path, (day * 86400.0, day * 86400.0))
    days = [(day, (30, 7, 30)[number % 3]) for number, day in enumerate(ages)]
    old = sum(day + kept <= today for day, kept in days)
    assert prune_caches(folder, today * 86400.0, dry_run=True) == old
    assert prune_caches(folder, today * 86400.0) == old
    assert prune_caches(folder, today * 86400.0) == 0
    assert len(list(folder.rglob("*.json"))) == len(ages) - old
