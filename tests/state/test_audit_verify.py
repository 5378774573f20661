"""The audit log verified: what was changed, cut off, forged or never noted is named."""

from __future__ import annotations

from pathlib import Path

from registry_tool.commands.deploy.audit import note_changes
from registry_tool.core.files import pretty_json
from registry_tool.deploy.event_log import new_events
from registry_tool.deploy.model import StageEvent
from registry_tool.security.audit import events_of
from registry_tool.security.keys import VARIABLE, parse_ring, spelled
from registry_tool.state.audit_log import entries, make_checkpoint, note
from registry_tool.state.audit_verify import KEYLESS, verify_audit
from registry_tool.state.public_keys import publish
from registry_tool.store.branch import Branch
from registry_tool.store.git.repository import Repository
from tests.commands.privacy_places import BOTH, NEW, OLD, LocationStandIn, git, make_place, tamper


def reasons(location: LocationStandIn, **how: object) -> list[str]:
    verdict = verify_audit(location, environ=OLD, **how)  # type: ignore[arg-type]
    return [item.reason for item in verdict.broken]


def switch(
    location: LocationStandIn, number: int, stage: str = "switch", where: str = "production"
) -> str:
    """An event as `deploy` writes it; its path."""
    folder = f"events/{where}/greeter"
    before = Branch(Repository(location.root), "deployments", location.remote).files()
    last = before.read(f"{folder}/{number - 1:08}.json") if number > 1 else b""
    event = StageEvent(f"dep-{number}", stage, "ok", f"2026-0{2 * number}-15T12:00:00.000Z", 0.5)
    ((path, data),) = new_events(where, "greeter", [event], last, number - 1).items()
    tamper(location, {path: data}, "deployments")
    return path


def test_without_the_secret_the_published_keys_count(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    note(location, "production", "", "prune", {}, OLD)
    verdict = verify_audit(location, environ={})
    assert (verdict.broken, verdict.anchored, verdict.keyed) == ((), (), ("production",))


def test_changing_removing_and_cutting_is_seen(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    for number in range(4):
        note(location, "production", "", "prune", {"n": number}, OLD)
    kept = tmp_path / "checkpoint.json"
    kept.write_text(pretty_json(make_checkpoint(location, "production", OLD)))
    assert reasons(location, kept=kept) == []

    path = "production/00000002.json"
    data = git(location.root, "show", f"audit:{path}").encode() + b"\n"
    tamper(location, {path: data.replace(b'"n": 1', b'"n": 7')})
    assert reasons(location)[0] == "no known key made this entry's signature"
    tamper(location, {path: None})
    assert reasons(location)[0] == "the entry 2 is missing"
    tamper(location, {path: data, "production/00000004.json": None})
    assert reasons(location) == [], "a chain that was cut looks whole"
    assert reasons(location, kept=kept) == [
        "3 entries are left of the 4 that the checkpoint counts"
    ]


def test_a_deleted_branch_is_seen_by_the_checkpoint(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    note(location, "production", "", "prune", {}, OLD)
    kept = tmp_path / "checkpoint.json"
    kept.write_text(pretty_json(make_checkpoint(location, "production", OLD)))
    git(location.root, "branch", "-D", "audit")
    assert reasons(location, kept=kept) == [
        "0 entries are left of the 1 that the checkpoint counts"
    ]


def test_keys_of_a_forger_count_for_nothing_where_the_secret_is_given(tmp_path: Path) -> None:
    """Who may push publishes a key of their own and signs with it."""
    location = make_place(tmp_path)
    note(location, "production", "", "prune", {}, OLD)
    forged = {VARIABLE: spelled([(1, bytes(range(60, 92)))])}
    tamper(location, {"keys/production.json": None}, "deployments")
    publish(location, parse_ring(forged[VARIABLE], "production"))
    note(location, "production", "", "erase", {"runs": 99}, forged)
    assert reasons(location) == [
        f"the published keys aren't those of {VARIABLE}: only the latter count",
        "no known key made this entry's signature",
    ]


def test_entries_of_the_old_key_stay_good_after_a_rotation(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    note(location, "production", "", "prune", {}, OLD)
    note(location, "production", "", "prune", {}, BOTH)
    for environ in (BOTH, NEW):  # the newest key vouches for the older ones that it published
        verdict = verify_audit(location, environ=environ)
        assert (verdict.broken, verdict.anchored) == ((), ("production",))
    assert verify_audit(location, environ={}).broken == ()
    assert reasons(location), "who holds only the old key can't tell who published a newer one"


def test_changes_of_what_serves_and_entries_are_compared(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    first = switch(location, 1)
    switch(location, 2, "watch")
    note_changes(location, "production", "greeter", "deploy", "a" * 32, environ=OLD)
    [entry] = entries(location)
    assert (entry.action, list(events_of(entry))) == ("deploy", [first])
    assert reasons(location) == []
    note_changes(location, "production", "greeter", "deploy", "", environ=OLD)
    assert len(list(entries(location))) == 1, "what is noted is noted once"

    forged = switch(location, 3, "rollback")
    switch(location, 1, "switch", "staging")
    unnoted = "this change of what serves has no entry in the audit log"
    verdict = verify_audit(location, environ=OLD)
    assert [(item.location, item.reason) for item in verdict.broken] == [(forged, unnoted)]
    keyless = "events/staging/greeter/00000001.json"
    assert [(item.location, item.reason) for item in verdict.unverified] == [(keyless, KEYLESS)]
    publish(location, parse_ring(OLD[VARIABLE], "staging"))
    later = switch(location, 2, "switch", "staging")
    verdict = verify_audit(location, environment="staging", environ=OLD)
    assert [item.location for item in verdict.unverified] == [keyless]
    assert [item.location for item in verdict.broken] == [later]
    tamper(location, {forged: None}, "deployments")
    data = git(location.root, "show", f"deployments:{first}").encode()
    tamper(location, {first: data.replace(b"dep-1", b"dep-7") + b"\n"}, "deployments")
    assert reasons(location, environment="production") == [
        "the event was changed after the entry 1 was written",
        "the event before it was changed or taken out",
    ]
    tamper(location, {first: data[:-9]}, "deployments")
    assert [reason.partition(":")[0] for reason in reasons(location, environment="production")] == [
        "the event was changed after the entry 1 was written",
        "not JSON",
    ]
    tamper(location, {first: None}, "deployments")
    assert reasons(location, environment="production") == [
        f"its event {first} isn't there",
        "the event 1 is missing",
    ]
