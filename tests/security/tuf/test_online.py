"""What the publish job signs: as little as differs, again before it expires, and never backwards."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.security.tuf.keys import new_key, read_public, read_signers
from registry_tool.security.tuf.offline import (
    OfflineRoles,
    RolePolicy,
    first_roles,
    next_roles,
    signed_by,
)
from registry_tool.security.tuf.online import OnlineRoles, SignedFile, online_roles

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROOT_KEY, ONLINE, OTHER = new_key(), new_key(), new_key()
Output = dict[str, bytes]


def offline(
    online: tuple[bytes, bytes] = ONLINE, after: OfflineRoles | None = None
) -> OfflineRoles:
    keys = (read_public(ROOT_KEY[1], "a test"),)
    policy = RolePolicy(keys, 1, read_public(online[1], "a test"), 8, 365)
    roles = next_roles(after, policy, NOW) if after else first_roles(policy, NOW)
    return signed_by(roles, read_signers(ROOT_KEY[0], "a test"))[0]


ROLES = offline()


def roles(after: timedelta = timedelta(0), **more: OfflineRoles) -> OnlineRoles:
    return online_roles(more.get("of", ROLES), read_signers(ONLINE[0], "a test"), NOW + after)


def listed(content: int) -> SignedFile:
    return SignedFile(content, f"{content:064x}")


def everything(files: dict[str, int], after: timedelta = timedelta(0)) -> Output:
    return roles(after).everything(((p, listed(n)) for p, n in files.items()), lambda _: None)


def patched(output: Output, found: dict[str, bytes | None]) -> Output:
    after = {path: data for path, data in {**output, **found}.items() if data is not None}
    assert all(path in output for path, data in found.items() if data is None)
    return after


def targets(output: Output) -> dict[str, dict[str, object]]:
    """What is signed of each bin, without version, expiry and signature."""
    bins = {path.split(".")[1]: data for path, data in output.items() if ".bin-" in path}
    return {name: json.loads(data)["signed"]["targets"] for name, data in bins.items()}


FILES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 3))


@given(FILES, FILES)
def test_a_patch_signs_what_a_build_from_nothing_signs(
    old: dict[str, int], new: dict[str, int]
) -> None:
    output = everything(old)
    changes = {path: listed(n) for path, n in new.items()} | dict.fromkeys(old.keys() - new)
    later = timedelta(minutes=1)
    after = patched(output, roles(later).patch(changes, output.get))
    wanted = everything(new, later)
    assert targets(after) == targets(wanted)
    assert {path.split(".", 1)[-1] for path in after} == {p.split(".", 1)[-1] for p in wanted}


def test_a_publish_touches_one_bin_a_file_and_two_more() -> None:
    output = everything({str(number): 1 for number in range(500)})
    found = roles(timedelta(hours=1)).patch({"7": listed(2), "new": listed(1)}, output.get)
    assert sum(data is not None for data in found.values()) == 4
    assert roles(timedelta(hours=1)).patch({"7": listed(1)}, output.get) == {}


def test_signing_again_in_the_same_second_is_newer() -> None:
    output = everything({"a": 1})
    after = patched(output, roles().patch({"a": listed(2)}, output.get))
    versions = [json.loads(o["tuf/timestamp.json"])["signed"]["version"] for o in (output, after)]
    assert versions == [int(NOW.timestamp()), int(NOW.timestamp()) + 1]


def test_what_grows_old_is_signed_again_before_it_expires() -> None:
    output, moment = everything({"a": 1}), timedelta(0)
    for _ in range(200):  # a job that runs once a day, for longer than anything but root holds
        moment += timedelta(days=1)
        output = patched(output, roles(moment).patch({}, output.get))
        for path, data in output.items():
            expires = datetime.fromisoformat(json.loads(data)["signed"]["expires"])
            assert expires - (NOW + moment) >= timedelta(days=7), path
    assert not roles(moment + timedelta(hours=1)).is_due(output.get)
    assert roles(moment + timedelta(days=1)).is_due(output.get)


def test_another_online_key_signs_all_again_without_a_build() -> None:
    output = everything({"a": 1, "b": 2})
    renewed = offline(OTHER, ROLES)
    signer = online_roles(renewed, read_signers(OTHER[0], "a test"), NOW + timedelta(minutes=1))
    after = patched(output, signer.patch({}, output.get))
    assert targets(after) == targets(output)
    for path, data in after.items():
        if ".bin-" in path:
            assert [s["keyid"] for s in json.loads(data)["signatures"]] == [
                read_public(OTHER[1], "a test").keyid
            ]
    assert {"tuf/1.root.json", "tuf/2.root.json", "tuf/root.json", "tuf/2.targets.json"} <= set(
        after
    )
    assert "tuf/1.targets.json" not in after


def test_a_strange_key_and_an_unfit_root_sign_nothing() -> None:
    with pytest.raises(RegistryError, match="REGISTRY_TRUST_KEY has no key that the root names"):
        online_roles(ROLES, read_signers(OTHER[0], "a test"), NOW)
    with pytest.raises(RegistryError, match="the root expired on 2027-01-01"):
        roles(timedelta(days=365))
    unsigned = next_roles(
        ROLES,
        RolePolicy(
            (read_public(OTHER[1], ""),),
            1,
            ROLES.root.keys[ROLES.root.roles["timestamp"].keyids[0]],
            8,
            365,
        ),
        NOW,
    )
    with pytest.raises(RegistryError, match="lacks 1 signatures"):
        roles(of=unsigned)


def test_damaged_metadata_is_named() -> None:
    output = everything({"a": 1})
    for path in ("tuf/timestamp.json", next(p for p in output if "snapshot" in p)):
        with pytest.raises(RegistryError, match="build-site --full") as raised:
            roles(timedelta(days=2)).patch({}, {**output, path: b"{}"}.get)
        assert raised.value.location == path
