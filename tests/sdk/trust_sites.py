"""The copies of a registry that `tests/conformance/trust.json` names, honest and hostile, each in a folder.

A maintainer publishes `hello` 1.0.0 on Monday and 1.1.0 on Tuesday. All is signed by the publish job's own code,
at fixed moments, so that the cases can say when a client visits which copy.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry_tool.api.layout import summed
from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.security.tuf import online
from registry_tool.security.tuf.keys import read_signers
from registry_tool.security.tuf.offline import next_roles
from registry_tool.security.tuf.online import OnlineRoles
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder
from tests.made_once import made_once
from tests.sources.signed_site import KeyPair, SignedSite, served

BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 1, 5, 12, tzinfo=UTC)
TUESDAY = datetime(2026, 1, 6, 12, tzinfo=UTC)
WEDNESDAY = datetime(2026, 1, 7, 12, tzinfo=UTC)
INDEX = "api/v1/sparse/he/hello"
PACKAGES = "api/v1/packages/hello"
ENDLESS = 2**31

Change = Callable[[SignedSite, "Origin"], None]


class Origin:
    """What the maintainers publish, below a folder: Monday's copy, and Tuesday's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.monday = SignedSite(folder / "monday")
        self.pin = self.monday.begin(BEGUN)
        files = _api()
        first, _ = files[INDEX].splitlines(keepends=True)
        self.monday.write({**files, INDEX: first})
        self.monday.publish(MONDAY)
        self.tuesday = self.monday.copy(folder / "tuesday")
        self.tuesday.write(files)
        self.tuesday.publish(TUESDAY)

    def copy(self, name: str) -> SignedSite:
        """A copy of Tuesday's, for somebody to change."""
        return self.tuesday.copy(self.folder / name)

    def stranger(self) -> SignedSite:
        """Tuesday's documents, signed by a stranger's own keys."""
        site = self.copy("stranger")
        site.holders, site.online = [KeyPair.made(), KeyPair.made()], KeyPair.made()
        site.begin(BEGUN)
        site.publish(TUESDAY)
        return site


def _api() -> dict[str, bytes]:
    folder = made_once(_lay)
    files = output_files(OutputSource(FolderTree(folder)))
    return {path: data for path, data in files if path.startswith("api/")}


def _lay(folder: Path) -> None:
    registry = RegistryFolder(folder, git=False)
    registry.lay("hello", "1.0.0")
    registry.lay("hello", "1.1.0")
    registry.compile()


def index_of_monday(site: SignedSite, origin: Origin) -> None:
    shutil.copy(origin.monday.folder / INDEX, site.folder / INDEX)


def snapshot_of_monday(site: SignedSite, origin: Origin) -> None:
    shutil.copy(origin.monday.metadata("snapshot"), site.metadata("snapshot"))


def bins_of_monday(site: SignedSite, origin: Origin) -> None:
    for old in origin.monday.folder.glob("tuf/*.bin-*.json"):
        shutil.copy(old, site.metadata(old.name.split(".")[1]))


def bins_of_monday_signed_anew(site: SignedSite, origin: Origin) -> None:
    """Who has the online key names Monday's bins in a snapshot and a timestamp of Wednesday."""
    monday = origin.monday
    shutil.rmtree(site.folder / "tuf")
    shutil.copytree(monday.folder / "tuf", site.folder / "tuf")
    (key,) = read_signers(site.online.private, "a test")
    assert site.roles
    signer = OnlineRoles(site.roles, key, WEDNESDAY)
    known = signer.before(lambda path: (site.folder / path).read_bytes())
    site.write(signer._top(known.bin_versions, known))


def index_with_another_digest(site: SignedSite, _: Origin) -> None:
    """1.1.0 is said to have the files of 1.0.0, with sums that fit."""
    lines = [json.loads(line) for line in (site.folder / INDEX).read_bytes().splitlines()]
    lines[1]["digest"] = lines[0]["digest"]
    for line in lines:
        del line["sum"]
    (site.folder / INDEX).write_bytes(b"".join(summed(line) + b"\n" for line in lines))


def package_of_another_version(site: SignedSite, _: Origin) -> None:
    packages = site.folder / PACKAGES
    shutil.copy(packages / "hello-1.0.0.wfpkg", packages / "hello-1.1.0.wfpkg")


def without_index(site: SignedSite, _: Origin) -> None:
    (site.folder / INDEX).unlink()


def without_snapshot(site: SignedSite, _: Origin) -> None:
    site.metadata("snapshot").unlink()


def without_signatures(site: SignedSite, _: Origin) -> None:
    shutil.rmtree(site.folder / "tuf")


def strange_timestamp(site: SignedSite, origin: Origin) -> None:
    _take(origin, site, "timestamp.json")


def strange_targets(site: SignedSite, origin: Origin) -> None:
    _take(origin, site, "*.targets.json")


def strange_bins(site: SignedSite, origin: Origin) -> None:
    _take(origin, site, "*.bin-*.json")


def _take(origin: Origin, site: SignedSite, pattern: str) -> None:
    for path in (origin.folder / "stranger/tuf").glob(pattern):
        shutil.copy(path, site.folder / "tuf" / path.name)


def prolonged_timestamp(site: SignedSite, _: Origin) -> None:
    """Another expiry below the signature of the right key."""
    path = site.metadata("timestamp")
    file = json.loads(path.read_bytes())
    file["signed"]["expires"] = "2027-01-01T00:00:00Z"
    path.write_text(json.dumps(file))


def damaged_timestamp(site: SignedSite, _: Origin) -> None:
    site.metadata("timestamp").write_bytes(b"<html>Service unavailable</html>")


def endless_timestamp(site: SignedSite, _: Origin) -> None:
    _endless(site.folder / "tuf/timestamp.json")


def endless_root(site: SignedSite, _: Origin) -> None:
    _endless(site.folder / "tuf/2.root.json")


def endless_index(site: SignedSite, _: Origin) -> None:
    _endless(site.folder / INDEX)


def _endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(ENDLESS)  # a hole: no disk is filled


def one_stolen_root_key(site: SignedSite, _: Origin) -> None:
    """A thief with one of two root keys names an online key of their own."""
    stolen = site.holders[0]
    site.holders, site.threshold, site.online = [stolen], 1, KeyPair.made()
    site.rotate([stolen], TUESDAY)
    site.publish(WEDNESDAY)


def first_root_again(site: SignedSite, _: Origin) -> None:
    shutil.copy(site.folder / "tuf/1.root.json", site.folder / "tuf/2.root.json")


def root_without_its_own_keys(site: SignedSite, _: Origin) -> None:
    """Old holders have signed the next root, the new ones haven't."""
    old, site.holders = site.holders, [KeyPair.made(), KeyPair.made()]
    assert site.roles
    roles = next_roles(site.roles, site.policy(), TUESDAY)
    targets = site.signed(roles, site.holders).targets
    site.roles = replace(site.signed(roles, old), targets=targets)
    site.publish(WEDNESDAY)


def rotated(site: SignedSite, _: Origin) -> None:
    """One root key and the online key are new; old and new holders have signed."""
    old = list(site.holders)
    site.holders, site.online = [old[0], KeyPair.made()], KeyPair.made()
    site.rotate([*old, site.holders[1]], TUESDAY)
    site.publish(WEDNESDAY)


def keys_before_the_rotation(site: SignedSite, origin: Origin) -> None:
    """Who has both keys of the first root appends a root to those of `rotated`."""
    shutil.rmtree(site.folder / "tuf")
    shutil.copytree(origin.folder / "rotated/tuf", site.folder / "tuf")
    second = (site.folder / "tuf/2.root.json").read_bytes()
    assert site.roles
    old = list(site.holders)
    site.holders, site.online = [KeyPair.made(), KeyPair.made()], KeyPair.made()
    site.roles = replace(site.roles, roots=(*site.roles.roots, second))
    site.rotate([*old, *site.holders], TUESDAY)
    site.publish(WEDNESDAY)


def versions_of_a_distant_future(site: SignedSite, _: Origin) -> None:
    """Who has the online key makes every honest copy look old."""
    site.publish(WEDNESDAY, version=2**40)


def another_online_key(site: SignedSite, _: Origin) -> None:
    """What maintainers do when the online key was stolen."""
    site.online = KeyPair.made()
    site.rotate(site.holders, TUESDAY)
    site.publish(WEDNESDAY)


def expired_root(site: SignedSite, _: Origin) -> None:
    assert site.roles
    targets = site.roles.targets
    site.rotate(site.holders, MONDAY, days=1)
    site.roles = replace(site.roles, targets=targets)
    site.publish(WEDNESDAY)


def expired_targets(site: SignedSite, _: Origin) -> None:
    assert site.roles
    short = site.signed(next_roles(site.roles, site.policy(days=1), MONDAY), site.holders)
    site.roles = replace(site.roles, targets=short.targets)
    site.publish(WEDNESDAY)


def expired_snapshot(site: SignedSite, _: Origin) -> None:
    _expired(site, "SNAPSHOT_DAYS")


def expired_bins(site: SignedSite, _: Origin) -> None:
    _expired(site, "BIN_DAYS")


def _expired(site: SignedSite, role: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(online, role, -1)
        site.publish(TUESDAY)


def object_storage(_: SignedSite, __: Origin) -> None:
    """As it is; `served` answers otherwise below its name."""


CHANGES: tuple[Change, ...] = (
    object_storage,
    index_of_monday, snapshot_of_monday, bins_of_monday, bins_of_monday_signed_anew,
    index_with_another_digest, package_of_another_version, without_index, without_snapshot,
    without_signatures, strange_timestamp, strange_targets, strange_bins, prolonged_timestamp,
    damaged_timestamp, endless_timestamp, endless_root, endless_index, one_stolen_root_key,
    first_root_again, root_without_its_own_keys, rotated, keys_before_the_rotation,
    versions_of_a_distant_future, another_online_key, expired_root, expired_targets, expired_snapshot,
    expired_bins,
)  # fmt: skip
"""Each is a copy of Tuesday's that somebody has changed."""


def make_trust_sites(folder: Path) -> None:
    """All copies, and the file `pin`: the root that clients have pinned."""
    origin = Origin(folder)
    origin.stranger()
    for change in CHANGES:
        change(origin.copy(change.__name__.replace("_", "-")), origin)
    (folder / "pin").write_text(str(origin.pin))


@contextmanager
def trust_sites() -> Iterator[str]:
    """The address of a plain file server of all copies."""
    with served(made_once(make_trust_sites)) as address:
        yield address
