"""Sealed inputs are run for the person they were sealed for, while they are fresh, and once."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import DeployOptions, deploy
from registry_tool.commands.requests.inputs import sealed_request
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.requests.seal import sealing_context
from registry_tool.commands.review.check import write_compiled
from registry_tool.commands.run.access import DENIED, AccessError
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.admitted_run import LOCKED, AdmittedRun, Sinks
from registry_tool.commands.run.execute import execute_request
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.monitoring.records import STARTED
from registry_tool.security.sealing import ANYONE, SealTerms, seal_inputs
from registry_tool.state.audit_log import entries
from registry_tool.state.runs.records import read_records, ring_of
from registry_tool.state.target import Target
from registry_tool.store.tree import FolderTree
from tests.commands.conftest import MovingClock, add_version
from tests.commands.running import BOB, HELLO, dispatched

SECRET = "\nsecurity: { data_privacy: { encryption: aes-256 } }\n"
STRANGER = Requester(777, "stranger")


@pytest.fixture
def secret(served: Target) -> Target:
    """hello 1.1.0, which requires encryption, serves in production."""
    add_version(served, "1.1.0", SECRET)
    deploy(served, "hello:1.1.0", "production")
    return served


def sealed_for(target: Target, actor: int, time: str = "") -> ExecuteRequest:
    ring = ring_of(target, "production")
    terms = SealTerms(actor, time or "2026-11-25T12:00:00.000Z")
    context = sealing_context("production", "hello")
    sealed = seal_inputs({"who": "Ada"}, ring.newest.public, context, terms)
    return ExecuteRequest("hello", sealed=sealed)


def left_by(target: Target, request: ExecuteRequest, requester: Requester, folder: Path) -> bytes:
    """Whatever a run leaves in files and in its log, and in the clone's own log."""
    folder.mkdir()
    stream = io.StringIO()
    sinks = Sinks(
        stream, folder / "log", folder / "metrics", folder / "result.json", folder / "payload"
    )
    execute_request(target, "production", request, requester, sinks=sinks)
    assert (folder / "payload").exists()
    assert not (folder / "result.json").exists()
    own = b"".join(path.read_bytes() for path in (target.root / ".git").rglob("*.jsonl"))
    return (
        b"".join(path.read_bytes() for path in folder.iterdir()) + own + stream.getvalue().encode()
    )


def test_a_later_version_without_encryption_gives_nothing_away(
    secret: Target, tmp_path: Path
) -> None:
    """The owner publishes a version without encryption; what was sealed stays locked, also for its sender."""
    request = dispatched(secret, HELLO)
    add_version(secret, "1.2.0")
    deploy(secret, "hello:1.2.0", "production")
    with pytest.raises(AccessError, match="for somebody else"):
        execute_request(secret, "production", request, STRANGER)
    assert b"Ada" not in left_by(secret, request, BOB, tmp_path / "left")


def changed(target: Target, version: str, old: str, new: str) -> None:
    """Publish a version like 1.1.0 with another text in its manifest."""
    add_version(target, version, SECRET)
    manifest = target.root / f"registry/workflows/hello/{version}/manifest.yaml"
    assert old in manifest.read_text()
    manifest.write_text(manifest.read_text().replace(old, new))
    write_compiled(target.root, FolderTree(target.root))
    deploy(target, f"hello:{version}", "production")


def test_a_version_that_takes_fewer_words_quotes_none(secret: Target) -> None:
    request = dispatched(secret, HELLO)
    changed(secret, "1.2.0", "type: string, required: true", "type: string, enum: [world]")
    with pytest.raises(UsageError, match=r"do not fit what hello:1\.2\.0 takes") as refused:
        execute_request(secret, "production", request, BOB)
    assert "Ada" not in f"{refused.value}"


def test_what_code_says_of_an_input_stays_in_the_payload(secret: Target, tmp_path: Path) -> None:
    """It may say it backwards, too, so nothing of an error's words is told."""
    request = dispatched(secret, HELLO)
    code = "def greet(who):\n    if who != 'world': raise ValueError(who[::-1])\n    return 'Hello, world!'"
    edge = 'type: modify\n      config: { modify_type: edit_text, content: "Hello, {{who}}!" }'
    changed(secret, "1.2.0", edge, f"type: code\n      config: {{ code: {json.dumps(code)} }}")
    left = left_by(secret, request, BOB, tmp_path / "left")
    assert b"adA" not in left
    assert b"edge_failed" in left
    assert LOCKED.encode() in left


def test_nor_does_the_other_version_of_a_canary(secret: Target, tmp_path: Path) -> None:
    add_version(secret, "1.2.0")
    strategy = {"type": "canary", "steps": [{"weight": 50, "pause": "1h"}]}
    state = deploy(secret, "hello:1.2.0", "production", how=DeployOptions(strategy=strategy))
    plain = next(name for n in range(99) if state.choose(name := f"exec-{n}").version == "1.2.0")
    admission = admit(secret, "production", dispatched(secret, HELLO), BOB, execution_id=plain)
    assert (admission.serving.version, admission.encryption) == ("1.2.0", "aes-256")


def test_nor_do_steps_that_read_the_admission(secret: Target, tmp_path: Path) -> None:
    add_version(secret, "1.2.0")
    deploy(secret, "hello:1.2.0", "production")
    ring = ring_of(secret, "production")
    admission = admit(secret, "production", dispatched(secret, HELLO), BOB)
    result, payload = tmp_path / "result", tmp_path / "payload"
    AdmittedRun(secret, admission, ring, sinks=Sinks(result=result, payload=payload)).run()
    assert (result.exists(), payload.exists()) == (False, True)


def test_another_person_is_refused_and_noted(secret: Target) -> None:
    request = dispatched(secret, HELLO)
    with pytest.raises(AccessError, match="for somebody else") as caught:
        admit(secret, "production", request, STRANGER)
    assert "--actor-id" in caught.value.hint
    assert DENIED in [entry.action for entry in entries(secret, "production")]
    assert read_records(secret, "production", every=True) == []
    admit(secret, "production", request, BOB)


def test_it_runs_once_and_the_same_job_goes_on(secret: Target) -> None:
    request = dispatched(secret, HELLO)
    execute_request(secret, "production", request, BOB, execution_id="exec-1")
    with pytest.raises(UsageError, match="have run already, as exec-1") as caught:
        admit(secret, "production", request, BOB, execution_id="exec-2")
    assert "puppy-cli seal hello --env production" in caught.value.hint
    again = admit(secret, "production", request, BOB, execution_id="exec-1")
    assert (again.repeated, again.counted) == (True, True)
    execute_request(secret, "production", dispatched(secret, HELLO), BOB, execution_id="exec-3")


def test_however_it_is_spelled(secret: Target) -> None:
    """A last letter before `=` may be another one and spell the same bytes."""
    padded = next(
        request
        for size in range(3)
        if (request := dispatched(secret, ExecuteRequest("hello", {"who": "A" * size})))
        .sealed.endswith("=")
    )  # fmt: skip
    execute_request(secret, "production", padded, BOB, execution_id="exec-1")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    text = padded.sealed.rstrip("=")
    other = text[:-1] + alphabet[alphabet.index(text[-1]) + 1]
    other += "=" * (len(padded.sealed) - len(other))
    with pytest.raises(UsageError, match="have run already"):
        admit(secret, "production", replace(padded, sealed=other), BOB, execution_id="exec-2")


def test_it_runs_once_over_the_end_of_a_month(secret: Target, clock: MovingClock) -> None:
    request = dispatched(secret, HELLO)
    execute_request(secret, "production", request, BOB, execution_id="exec-1")
    clock.move(days=7)
    assert clock.now().month == 12
    with pytest.raises(UsageError, match="have run already, as exec-1"):
        admit(secret, "production", request, BOB, execution_id="exec-2")
    admit(secret, "production", request, BOB, execution_id="exec-1")


def test_what_names_nobody_runs_for_anyone_but_once_and_locked(
    secret: Target, tmp_path: Path
) -> None:
    request = sealed_for(secret, ANYONE)
    add_version(secret, "1.2.0")
    deploy(secret, "hello:1.2.0", "production")
    assert b"Ada" not in left_by(secret, request, BOB, tmp_path / "left")
    with pytest.raises(UsageError, match="have run already"):
        admit(secret, "production", request, STRANGER)


@pytest.mark.parametrize(
    ("time", "said"),
    [
        ("2026-11-11T11:59:59.000Z", "more than 14 days ago"),
        ("2026-11-25T12:15:01.000Z", "yet to come"),
    ],
)
def test_what_is_stale_is_refused(secret: Target, time: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        admit(secret, "production", sealed_for(secret, BOB.id, time), BOB)
    assert "puppy-cli seal" in caught.value.hint


@pytest.mark.parametrize("time", ["2026-11-11T12:00:00.000Z", "2026-11-25T12:15:00.000Z"])
def test_what_is_just_fresh_is_not(secret: Target, time: str) -> None:
    admit(secret, "production", sealed_for(secret, BOB.id, time), BOB)


def test_a_jobs_own_seal_is_no_dispatch(secret: Target) -> None:
    """An admission's file holds inputs that were sealed for its own steps."""
    own = sealed_request(HELLO, "production", ring_of(secret, "production"))
    for requester in (BOB, STRANGER):
        with pytest.raises(RegistryError, match="for somebody else"):
            admit(secret, "production", own, requester)


def test_whoever_holds_the_key_may_look_again(secret: Target) -> None:
    request = dispatched(secret, HELLO)
    for _ in range(2):
        made = admit(secret, "production", request, Requester())
        assert made.encryption == "aes-256"
    admit(secret, "production", request, BOB)


def test_the_record_does_not_lead_to_the_dispatch(secret: Target) -> None:
    request = dispatched(secret, HELLO)
    admit(secret, "production", request, BOB)
    (start,) = read_records(secret, "production", every=True)
    assert start.kind == STARTED
    assert len(start.seal) == 64
    assert start.seal not in request.sealed
    assert json.loads(json.dumps(start.to_value()))["seal"] == start.seal
