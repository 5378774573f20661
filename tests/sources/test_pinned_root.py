"""Every attack of The Update Framework's specification, tried on the real client by a plain file server.

https://theupdateframework.github.io/specification/latest/#goals-to-protect-against-specific-attacks
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, Targets

from puppyai.workflows import errors as sdk_errors
from puppyai.workflows.client import WorkflowClient
from registry_tool.api.layout import summed
from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.security.tuf import online
from registry_tool.security.tuf.pin import RootPin
from registry_tool.sources.pinned_root import UntrustedError, first_seen
from registry_tool.store.tree import FolderTree
from tests.cli.typed import run
from tests.conftest import RegistryFolder
from tests.forked import Ended
from tests.sources.signed_site import KeyPair, SignedSite, ago, served

SPARSE = "api/v1/sparse/he/hello"
LOCK = "workflow.lock"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The API of a registry with hello 1.0.0 and 1.1.0."""
    registry = RegistryFolder(tmp_path_factory.mktemp("api") / "registry", git=False)
    registry.lay("hello", "1.0.0")
    registry.lay("hello", "1.1.0")
    registry.compile()
    files = output_files(OutputSource(FolderTree(registry.root)))
    return {path: data for path, data in files if path.startswith("api/")}


@dataclass
class World:
    """An origin that published 1.0.0 and then 1.1.0, and a consumer who has pinned its root."""

    before: SignedSite
    now: SignedSite
    pin: RootPin
    home: Path

    def install(self, site: SignedSite | Path, wanted: str = "hello", *more: str) -> Ended:
        """What a consumer gets from a server of some files."""
        folder = site if isinstance(site, Path) else site.folder
        with served(folder) as address:
            return self.typed("install", wanted, "--registry", address, *more)

    def typed(self, *words: str, **environment: str) -> Ended:
        cache = str(self.home / "cache")
        return run(self.home / "project", "puppy-cli", *words, PUPPY_CACHE=cache, **environment)

    def mirror(self) -> SignedSite:
        """A copy of the origin, for an attacker to change."""
        return self.now.copy(self.home / "mirror")

    def installed(self) -> dict[str, str]:
        lock = json.loads((self.home / "project" / LOCK).read_text())
        return {name: one["version"] for name, one in lock["workflows"].items()}


@pytest.fixture
def world(api: dict[str, bytes], tmp_path: Path) -> World:
    made = SignedSite(tmp_path / "before")
    pin = made.begin(ago(days=3))
    first, _ = api[SPARSE].splitlines(keepends=True)
    made.write({**api, SPARSE: first})
    made.publish(ago(hours=2))
    now = made.copy(tmp_path / "now")
    now.write(api)
    now.publish(ago(hours=1))
    home = tmp_path / "home"
    (home / "project").mkdir(parents=True)
    lock = {"format": "puppyai.com/lock/v1", "workflows": {}, "roots": {"public": str(pin)}}
    (home / "project" / LOCK).write_text(json.dumps(lock))
    return World(made, now, pin, home)


def refused(done: Ended, *words: str) -> None:
    """The reason is said, and nothing was installed."""
    assert done.returncode == 1, done.stdout + done.stderr
    for word in words:
        assert word in done.stderr
    assert "Traceback" not in done.stderr


def taken(done: Ended, version: str) -> None:
    assert done.returncode == 0, done.stderr
    assert f"hello:{version} " in done.stdout


def test_what_the_registry_signed_is_installed_and_stays_pinned(world: World) -> None:
    taken(world.install(world.before), "1.0.0")
    taken(world.install(world.now, "hello:1.1.0"), "1.1.0")
    lock = json.loads((world.home / "project" / LOCK).read_text())
    assert lock["roots"] == {"public": str(world.pin)}


def test_the_first_install_pins_the_root_that_it_meets(world: World) -> None:
    (world.home / "project" / LOCK).unlink()
    done = world.install(world.now)
    taken(done, "1.1.0")
    assert f"its root {world.pin} is pinned in the lock" in done.stdout
    lock = json.loads((world.home / "project" / LOCK).read_text())
    assert lock["roots"] == {"public": str(world.pin)}
    other = SignedSite(world.home / "other")
    other.begin()
    shutil.copytree(world.now.folder / "api", other.folder / "api")
    other.publish()
    refused(world.install(other), "lacks signatures of keys that count")


def test_rollback(world: World) -> None:
    taken(world.install(world.now, "hello:1.0.0"), "1.0.0")
    refused(world.install(world.before), "older metadata than was seen before", "/tuf")
    assert world.installed() == {"hello": "1.0.0"}


def test_rollback_of_one_document(world: World) -> None:
    mirror = world.mirror()
    shutil.copy(world.before.folder / SPARSE, mirror.folder / SPARSE)
    refused(world.install(mirror), "is not the one that the registry signed", SPARSE)
    assert not (world.home / "project/.workflows").exists()


def test_indefinite_freeze(world: World) -> None:
    world.before.publish(ago(days=8))
    refused(world.install(world.before), "expired", "kept from news")


def test_mix_and_match(world: World) -> None:
    mirror = world.mirror()
    old, new = world.before.metadata("snapshot"), mirror.metadata("snapshot")
    shutil.copy(old, new)
    refused(world.install(mirror), "don't belong together")
    mirror = world.now.copy(world.home / "mixed")
    (name,) = [
        path.name.split(".", 1)[1]
        for path in mirror.folder.glob("tuf/*.bin-*.json")
        if SPARSE in path.read_text()
    ]
    shutil.copy(world.before.metadata(name[:-5]), mirror.metadata(name[:-5]))
    refused(world.install(mirror), "of versions that don't belong together")


def test_arbitrary_install(world: World) -> None:
    mirror = world.mirror()
    lines = [json.loads(line) for line in (mirror.folder / SPARSE).read_bytes().splitlines()]
    lines[1]["digest"] = lines[0]["digest"]
    for line in lines:
        del line["sum"]
    (mirror.folder / SPARSE).write_bytes(b"".join(summed(line) + b"\n" for line in lines))
    refused(world.install(mirror), "is not the one that the registry signed")
    packages = mirror.folder / "api/v1/packages/hello"
    shutil.copy(world.now.folder / SPARSE, mirror.folder / SPARSE)
    shutil.copy(packages / "hello-1.0.0.wfpkg", packages / "hello-1.1.0.wfpkg")
    refused(world.install(mirror), "digest")


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "bin-0", "targets"])
def test_metadata_of_strange_keys_counts_for_nothing(world: World, role: str) -> None:
    stranger = world.now.copy(world.home / "stranger")
    stranger.online = KeyPair.made()
    stranger.holders = [KeyPair.made(), KeyPair.made()]
    stranger.begin()
    stranger.publish(ago(hours=1))
    mirror = world.mirror()
    paths = (
        list(mirror.folder.glob("tuf/*.bin-*.json")) if "bin" in role else [mirror.metadata(role)]
    )
    for path in paths:
        shutil.copy(stranger.folder / "tuf" / path.name, path)
    refused(world.install(mirror), "tuf")


def test_a_registry_of_another_root_is_refused(world: World) -> None:
    stranger = SignedSite(world.home / "stranger")
    stranger.begin()
    shutil.copytree(world.now.folder / "api", stranger.folder / "api")
    stranger.publish()
    refused(world.install(stranger), "the root is not the pinned one", "roots.NAME")


def test_signatures_that_were_left_out_are_missed(world: World) -> None:
    mirror = world.mirror()
    shutil.rmtree(mirror.folder / "tuf")
    refused(world.install(mirror), "a root of this registry is pinned, and it isn't served")


def test_documents_that_are_withheld_are_missed(world: World) -> None:
    mirror = world.mirror()
    (mirror.folder / SPARSE).unlink()
    refused(world.install(mirror), "withheld")
    mirror.metadata("snapshot").unlink()
    refused(world.install(mirror), "withheld")


def test_a_package_that_is_withheld_is_missed(world: World) -> None:
    mirror = world.mirror()
    (mirror.folder / "api/v1/packages/hello/hello-1.1.0.wfpkg").unlink()
    refused(world.install(mirror), "api/v1/packages/hello/hello-1.1.0.wfpkg", "withheld")


@pytest.mark.parametrize("path", ["tuf/timestamp.json", "tuf/2.root.json", SPARSE])
def test_endless_data(world: World, path: str) -> None:
    mirror = world.mirror()
    with (mirror.folder / path).open("wb") as file:
        file.truncate(2**31)  # sparse: no server's disk is filled
    refused(world.install(mirror), "more than")


def test_too_few_keys(world: World) -> None:
    """One of two root keys was stolen: a root that it alone has signed is none."""
    thief = world.mirror()
    stolen = thief.holders[0]
    thief.holders, thief.threshold, thief.online = [stolen], 1, KeyPair.made()
    thief.rotate([stolen])
    thief.publish()
    refused(world.install(thief), "lacks signatures of keys that count")


def test_keys_are_rotated_and_old_ones_count_no_longer(world: World) -> None:
    taken(world.install(world.before), "1.0.0")
    old = list(world.now.holders)
    world.now.holders = [old[0], KeyPair.made()]
    world.now.online = KeyPair.made()
    world.now.rotate([*old, world.now.holders[1]])
    world.now.publish()
    taken(world.install(world.now, "hello:1.1.0"), "1.1.0")
    thief = world.mirror()
    thief.holders, thief.online = [KeyPair.made(), KeyPair.made()], KeyPair.made()
    thief.rotate([*old, *thief.holders])  # both keys of the first root, one of which is gone
    thief.publish()
    refused(world.install(thief), "lacks signatures of keys that count")


def test_fast_forward_is_recovered_from_by_a_new_online_key(world: World) -> None:
    thief = world.mirror()
    thief.publish(version=2**40)
    taken(world.install(thief), "1.1.0")
    refused(world.install(world.now), "older metadata than was seen before")
    holders = world.now.holders
    world.now.online = KeyPair.made()
    world.now.rotate(holders)
    world.now.publish()
    taken(world.install(world.now), "1.1.0")
    refused(world.install(thief, "hello:1.0.0"), "tuf")


@pytest.mark.parametrize("role", ["ROOT", "TIMESTAMP_DAYS", "SNAPSHOT_DAYS", "BIN_DAYS"])
def test_an_expired_role_counts_for_nothing(
    world: World, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror = world.mirror()
    if role == "ROOT":
        mirror.rotate(mirror.holders, ago(days=10), days=7)
    else:
        monkeypatch.setattr(online, role, -1)
    mirror.publish()
    refused(world.install(mirror), "expired")


def test_what_was_fetched_is_used_offline(world: World) -> None:
    with served(world.now.folder) as address:
        words = ("info", "hello", "--registry", address)
        assert world.typed(*words, PUPPY_CACHE_SIZE="1MiB").returncode == 0
    done = world.typed(*words, "--offline", PUPPY_CACHE_SIZE="1MiB")
    assert done.returncode == 0, done.stderr


def test_settings_pin_a_root_and_a_built_site_is_held_against_it(world: World) -> None:
    (world.home / "project" / LOCK).unlink()
    site, other = world.now.folder, "1:sha256:" + "0" * 64
    settings = world.home / "project/puppy.toml"
    for pin, code in ((str(world.pin), 0), (other, 1)):
        settings.write_text(
            f'registry = "acme"\n[registries]\nacme = "{site}"\n[roots]\nacme = "{pin}"\n'
        )
        assert world.typed("list").returncode == code
    settings.write_text('[roots]\nacme = "sha256:1"\n')
    done = world.typed("list")
    assert done.returncode == 2
    assert "puppy.toml:2" in done.stderr
    assert "registry-tool trust status" in done.stderr


def test_a_root_of_settings_that_the_lock_contradicts_is_refused_alike_by_command_and_program(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, other = world.now.folder, "1:sha256:" + "0" * 64
    (world.home / "project/puppy.toml").write_text(
        f'registry = "acme"\n[registries]\nacme = "{site}"\n[roots]\nacme = "{other}"\n'
    )
    both = f"{world.pin} here (roots.public), {other} in settings (roots.acme)"
    done = world.typed("list")
    assert done.returncode == 2
    assert both in done.stderr
    monkeypatch.chdir(world.home / "project")
    monkeypatch.setenv("PUPPY_CACHE", str(world.home / "cache"))
    with pytest.raises(sdk_errors.WorkflowError, match="two different roots") as raised:
        WorkflowClient().versions("hello")
    assert both in str(raised.value)
    found = WorkflowClient(root=str(world.pin)).versions("hello")  # a program's own counts alone
    assert [one.version for one in found] == ["1.1.0", "1.0.0"]


def test_a_cache_that_cant_be_written_is_named(world: World) -> None:
    (world.home / "cache").mkdir()
    (world.home / "cache/tuf").write_text("in the way")
    refused(world.install(world.now), "can't be kept", "set PUPPY_CACHE")


def test_the_sdk_holds_documents_against_the_pinned_root(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUPPY_CACHE", str(world.home / "cache"))
    monkeypatch.chdir(world.home / "project")
    with served(world.now.folder) as address:
        found = WorkflowClient(address).versions("hello")
    assert [one.version for one in found] == ["1.1.0", "1.0.0"]
    with served(world.before.folder) as address, pytest.raises(sdk_errors.WorkflowError) as raised:
        WorkflowClient(address).versions("hello")
    assert "older metadata than was seen before" in str(raised.value)


def test_a_client_stays_in_use_while_the_registry_publishes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUPPY_CACHE", str(world.home / "cache"))
    site = world.before.copy(world.home / "site").folder
    with served(site) as address:
        client = WorkflowClient(address, root=str(world.pin))
        assert [one.version for one in client.versions("hello")] == ["1.0.0"]
        for folder in ("api", "tuf"):
            shutil.rmtree(site / folder)
            shutil.copytree(world.now.folder / folder, site / folder)
        assert [one.version for one in client.versions("hello")] == ["1.1.0", "1.0.0"]
        with pytest.raises(sdk_errors.NotFoundError, match="no workflow nobody"):
            client.versions("nobody")


def test_what_is_no_root_or_can_not_be_pinned_is_refused_at_the_first_meeting() -> None:
    key = CryptoSigner.generate_ed25519()
    root = Root(version=10**9, expires=ago(days=-9))
    root.add_key(key.public_key, "root")
    numbered, other = Metadata(root), Metadata(Targets())
    numbered.sign(key)
    for data, reason in ((numbered.to_bytes(), "version above"), (other.to_bytes(), "not a root")):
        with pytest.raises(UntrustedError, match=reason):
            first_seen(lambda *_, found=data: found, "a mirror")
