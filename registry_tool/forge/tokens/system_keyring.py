"""The system's keyring, where there is one that works: macOS Keychain, Windows' Credential Locker, Secret Service.

The library `keyring` is an extra and is imported only here, when a token is looked for. Backends that keep nothing
(`fail`, `null`) or keep it in plain files (`keyrings.alt`) count as none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from registry_tool.core.errors import RegistryError
from registry_tool.forge.tokens.token import HostToken, checked_secret

SERVICE: Final = "puppy-cli"
_NOT_KEPT: Final = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
_WITHOUT: Final = (
    "unlock it, or set PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring to do without"
)
Answered = TypeVar("Answered")


class Backend(Protocol):
    """What `keyring.backend.KeyringBackend` does of this."""

    def get_password(self, service: str, username: str) -> str | None:
        """A secret, None where none is kept."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove a secret."""


class KeyringError(RegistryError):
    """There is a keyring, and it doesn't answer: it is locked, or its service is gone."""


@dataclass(frozen=True, slots=True)
class SystemKeyring:
    """Tokens in one backend, under the service `puppy-cli` and the host's name."""

    backend: Backend
    name: str

    def read(self, host: str) -> HostToken | None:
        """A host's token, None where none is kept; `KeyringError` where the keyring doesn't answer."""
        kept = self._asked(lambda: self.backend.get_password(SERVICE, host))
        return HostToken(host, f"the keyring ({self.name})", checked_secret(kept)) if kept else None

    def write(self, host: str, secret: str) -> HostToken | None:
        """Keep a token and read it back; None where that fails, so that nobody relies on it."""
        try:
            self._asked(lambda: self.backend.set_password(SERVICE, host, secret))
            kept = self._asked(lambda: self.backend.get_password(SERVICE, host))
        except KeyringError:
            return None
        return HostToken(host, f"the keyring ({self.name})", secret) if kept == secret else None

    def remove(self, host: str) -> bool:
        """Remove a host's token; False where none is kept."""
        if self.read(host) is None:
            return False
        self._asked(lambda: self.backend.delete_password(SERVICE, host))
        return True

    def _asked(self, ask: Callable[[], Answered]) -> Answered:
        """Backends raise whatever their systems do (D-Bus, ctypes, their own), as pip has found out, too:

        https://github.com/pypa/pip/blob/main/src/pip/_internal/network/auth.py. An error tells its class, never
        its words: they may quote what was to be kept.
        """
        try:
            return ask()
        except Exception as error:  # noqa: BLE001 - as said above
            raise KeyringError(
                f"the keyring ({self.name}) doesn't answer: {type(error).__name__}", hint=_WITHOUT
            ) from None


def system_keyring() -> SystemKeyring | None:
    """The keyring of this machine, None where the extra is not installed or no backend keeps anything."""
    try:
        from keyring import get_keyring
        from keyring.errors import KeyringError as BrokenError
    except ImportError:
        return None
    try:
        backend = get_keyring()
    except (BrokenError, ImportError, AttributeError, RuntimeError):  # its configuration names none
        return None
    backends = getattr(backend, "backends", (backend,))  # a chain asks one after the other
    if not any(not type(one).__module__.startswith(_NOT_KEPT) for one in backends):
        return None
    return SystemKeyring(backend, str(backend.name))
