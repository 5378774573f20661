"""`registry-tool trust status`: which keys count for what, what is to be signed, and what expires."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from registry_tool.commands.maintain.trust.ceremony import there
from registry_tool.core.clock import Clock, instant
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.security.tuf.pin import RootPin, pin_of

if TYPE_CHECKING:
    from registry_tool.security.tuf.offline import MissingSignatures, OfflineRoles

SOON: Final = timedelta(days=30)
"""How long before a root or its targets expire this is said."""


class RoleHolders(Record, frozen=True):
    """Whose signatures count for a role (ids of keys), how many are needed, and until when it holds by hand."""

    name: str
    keys: tuple[str, ...]
    threshold: int
    expires: str = ""


class TrustStatus(Record, frozen=True):
    """The newest root: its pin, who holds which role, what lacks signatures, and what expires soon."""

    pin: RootPin
    roles: tuple[RoleHolders, ...]
    bins: int
    missing: tuple[MissingSignatures, ...]
    expiring: tuple[tuple[str, datetime], ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is to be done."""
        return not self.missing and not self.expiring

    def to_value(self) -> Object:
        """As JSON."""
        missing: list[Value] = [
            {"file": one.file, "missing": one.missing, "keys": list[Value](one.keys)}
            for one in self.missing
        ]
        roles: list[Value] = [
            {
                "role": one.name,
                "keys": list[Value](one.keys),
                "threshold": one.threshold,
                "expires": one.expires or None,
            }
            for one in self.roles
        ]
        return {
            "root": str(self.pin),
            "roles": roles,
            "bins": self.bins,
            "missing": missing,
            "expiring": {role: instant(when) for role, when in self.expiring},
        }


def status(root: Path, clock: Clock) -> TrustStatus:
    """The status of the registry at a folder; `NotFoundError` where it has no root."""
    return status_of(there(root), clock.now())


def status_of(roles: OfflineRoles, now: datetime) -> TrustStatus:
    """The status of roles."""
    expires = {"root": roles.root.expires, "targets": roles.top.signed.expires}
    holders = [
        RoleHolders(
            name,
            tuple(sorted(role.keyids)),
            role.threshold,
            instant(expires[name]) if name in expires else "",
        )
        for name, role in sorted(roles.root.roles.items())
    ]
    bins = roles.bins
    holders.append(RoleHolders("bins", tuple(sorted(bins.keyids)), bins.threshold))
    return TrustStatus(
        pin_of(len(roles.roots), roles.roots[-1]),
        tuple(holders),
        bins.number_of_bins,
        tuple(roles.missing()),
        tuple(roles.expiring(now, SOON)),
    )
