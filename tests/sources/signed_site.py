"""A registry's API in a folder, signed as a publish job signs it, served by a plain file server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tuf.api.metadata import Metadata, Root, Targets

from registry_tool.commands.maintain.output.signing import api_files
from registry_tool.core.clock import SystemClock
from registry_tool.security.tuf.keys import new_key, read_public, read_signers
from registry_tool.security.tuf.offline import (
    OfflineRoles,
    RolePolicy,
    first_roles,
    next_roles,
)
from registry_tool.security.tuf.online import OnlineRoles, SignedFile
from registry_tool.security.tuf.pin import RootPin, pin_of
from tests.serving import serving

NOW = SystemClock().now()
"""Commands ask the machine's clock, so that what they read is signed by it."""


@dataclass
class KeyPair:
    """A key of a test."""

    private: bytes
    public: bytes

    @classmethod
    def made(cls) -> KeyPair:
        return cls(*new_key())


@dataclass
class SignedSite:
    """A registry's API with its signatures: `holders` have its root keys, `online` signs the rest."""

    folder: Path
    holders: list[KeyPair] = field(default_factory=lambda: [KeyPair.made(), KeyPair.made()])
    online: KeyPair = field(default_factory=KeyPair.made)
    threshold: int = 2
    roles: OfflineRoles | None = None

    def policy(self, days: int = 365) -> RolePolicy:
        keys = tuple(read_public(one.public, "a test") for one in self.holders)
        return RolePolicy(keys, self.threshold, read_public(self.online.public, "a test"), 4, days)

    def begin(self, at: datetime = NOW, days: int = 365) -> RootPin:
        """The first root, signed by all of its keys."""
        self.roles = self.signed(first_roles(self.policy(days), at), self.holders)
        return pin_of(1, self.roles.roots[0])

    def rotate(self, signers: list[KeyPair], at: datetime = NOW, days: int = 365) -> None:
        """The next root with the keys that there are now, signed by some."""
        assert self.roles
        self.roles = self.signed(next_roles(self.roles, self.policy(days), at), signers)

    def signed(self, roles: OfflineRoles, signers: list[KeyPair]) -> OfflineRoles:
        """Signed by whoever wants to: attackers ask nobody whether they may."""
        root = Metadata[Root].from_bytes(roles.roots[-1])
        targets = Metadata[Targets].from_bytes(roles.targets)
        for one in signers:
            for file in (root, targets):
                file.sign(*read_signers(one.private, "a test"), append=True)
        roots = (*roles.roots[:-1], root.to_bytes())
        return replace(roles, roots=roots, targets=targets.to_bytes())

    def publish(self, at: datetime = NOW, signer: KeyPair | None = None, version: int = 0) -> None:
        """Sign all as it is, at a moment; `version` is what an attacker says instead of the time."""
        assert self.roles
        (key,) = read_signers((signer or self.online).private, "a test")
        online: OnlineRoles = (_Ahead if version else OnlineRoles)(self.roles, key, at)
        files = [(path, _listed(data)) for path, data in api_files(self.folder)]
        shutil.rmtree(self.folder / "tuf", ignore_errors=True)
        self.write(online.everything(files, lambda _: None))

    def write(self, files: Mapping[str, bytes]) -> None:
        for path, data in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)

    def copy(self, folder: Path) -> SignedSite:
        """The same in another folder: what a mirror has."""
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)

    def metadata(self, role: str) -> Path:
        """The file of a role."""
        (found,) = self.folder.glob(f"tuf/*{role}.json")
        return found


class _Ahead(OnlineRoles):
    """Who has stolen the online key, and says that the metadata is of a distant future."""

    def _version(self, before: int) -> int:
        return 2**40


def _listed(data: bytes) -> SignedFile:
    from hashlib import sha256

    return SignedFile(len(data), sha256(data).hexdigest())


class _Quiet(SimpleHTTPRequestHandler):
    def send_error(self, code: int, *more: Any) -> None:
        """Below `/object-storage/`, what isn't there is denied, as S3 does to who may not list."""
        super().send_error(403 if self.path.startswith("/object-storage/") else code, *more)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Patient(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that refuse endless data hang up."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A plain file server on a folder."""
    server = _Patient(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    with serving(server):
        yield f"http://127.0.0.1:{server.server_port}"


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)
