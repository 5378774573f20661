"""What the runs of a batch share: the files that they need, a program that travels, and keys of results."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from registry_tool.runtime.batch.items import BatchContext, keys_of, needed_files
from registry_tool.sources.program import Program, program_from_files
from registry_tool.store.paths import PROJECT_MANIFEST
from tests.engine.small import ASK, HEAD

MANIFEST = (HEAD + ASK.replace("CONFIG", "")).encode()
OTHER = MANIFEST.replace(b"name: t,", b"name: other,")


@pytest.fixture
def program() -> Program:
    files = {PROJECT_MANIFEST: MANIFEST, "resources/a.txt": b"a", "docs/README.md": b"# t"}
    callee = program_from_files({PROJECT_MANIFEST: OTHER, "notes.txt": b"n"}, "other")
    return replace(program_from_files(files, "t"), callees={"other": callee})


def test_only_what_a_run_may_read_travels(program: Program) -> None:
    assert needed_files(program) == {
        "": {PROJECT_MANIFEST: MANIFEST, "resources/a.txt": b"a"},
        "other": {PROJECT_MANIFEST: OTHER},
    }


def test_a_program_arrives_as_it_was_sent(program: Program) -> None:
    job = BatchContext(needed_files(program), location="t", environment="production")
    again = pickle.loads(pickle.dumps(job)).program()  # noqa: S301 - our own
    assert again.workflow == program.workflow
    assert again.callees["other"].workflow == program.callees["other"].workflow


def test_what_makes_a_result_makes_its_key(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    job = BatchContext({}, provider="openai")
    key = keys_of(program, job).of({"question": "x"})
    for same in (replace(job, timeout=5.0, concurrency=9), replace(job, limits={"concurrency": 2})):
        assert keys_of(program, same).of({"question": "x"}) == key
    others = [
        replace(job, environment="e"),
        replace(job, overrides={"llm_model": "m"}),
        replace(job, variables={"tone": "x"}),
        replace(job, provider="local"),
        replace(job, provider="replay"),
    ]
    keys = {keys_of(program, other).of({"question": "x"}) for other in others}
    assert len(keys | {key}) == len(others) + 1


def test_an_address_counts_without_the_secrets_in_it(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for address in (
        "https://a:b@own.example/v1",
        "https://own.example/v1?key=x",
        "https://else/v1",
    ):
        monkeypatch.setenv("OPENAI_BASE_URL", address)
        found.append(keys_of(program, BatchContext({}, provider="openai")).of({}))
    assert found[0] == found[1] != found[2]
    assert keys_of(program, BatchContext({}, provider="local")).of({}) not in found


def test_recorded_answers_count_where_they_are_replayed(program: Program) -> None:
    recorded = replace(program, files={**program.files, "tests/cassettes.json": b"{}"})
    for provider, differs in (("replay", True), ("local", False)):
        job = BatchContext({}, provider=provider)
        assert (keys_of(program, job).of({}) != keys_of(recorded, job).of({})) is differs
