"""Where a host's token is found: the system's keyring, else a private file, else the environment.

`PUPPY_TOKEN` is for the host in `PUPPY_TOKEN_HOST` (github.com where that is not set). `GITHUB_TOKEN` and
`GH_TOKEN` are for the forge that `GITHUB_API_URL` or `GITHUB_SERVER_URL` names, as in a job, else for github.com.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registry_tool.core.errors import UsageError
from registry_tool.forge.tokens.system_keyring import KeyringError, SystemKeyring, system_keyring
from registry_tool.forge.tokens.token import (
    GITHUB,
    HostToken,
    checked_secret,
    forge_of_api,
    host_of,
)
from registry_tool.forge.tokens.token_file import TokenFiles, data_folder

OWN, OWN_HOST = "PUPPY_TOKEN", "PUPPY_TOKEN_HOST"
FORGES = ("GITHUB_TOKEN", "GH_TOKEN")


@dataclass(frozen=True, slots=True)
class TokenStore:
    """All places where a token may be. `warn` hears of a keyring that doesn't answer."""

    environ: Mapping[str, str]
    files: TokenFiles
    keyring: Callable[[], SystemKeyring | None] = system_keyring
    warn: Callable[[str], None] = lambda _: None

    def find(self, host: str) -> HostToken | None:
        """A host's token by the order of places; None where there is none. No other host's is ever given."""
        return self._kept(host) or self.files.read(host) or self.in_environment(host)

    def demand(self, host: str, login: str = "") -> HostToken:
        """A host's token; `UsageError` with the ways to get one where there is none.

        `login` is the command that asks for one, where `puppy-cli login` at the forge's host doesn't.
        """
        if found := self.find(host):
            return found
        usual = f"puppy-cli login{'' if host == GITHUB else f' --host {host}'}"
        raise UsageError(
            f"nobody is logged in to {host}",
            hint=f"run `{login or usual}`, or set {OWN}"
            f"{'' if host == GITHUB else f' and {OWN_HOST}={host}'}",
        )

    def keep(self, host: str, secret: str) -> HostToken:
        """Keep a token in the keyring, else in the file; an older one is left in neither."""
        keyring = self.keyring()
        if keyring and (kept := keyring.write(host, secret)):
            self.files.remove(host)
            return kept
        if keyring:
            self.warn(
                f"the keyring ({keyring.name}) keeps nothing; the token goes to a private file"
            )
            self._forget_in(keyring, host)
        return self.files.write(host, secret)

    def forget(self, host: str) -> tuple[str, ...]:
        """Remove a host's token wherever it was kept; the places, in words."""
        keyring, gone = self.keyring(), []
        if keyring and self._forget_in(keyring, host):
            gone.append(f"the keyring ({keyring.name})")
        if self.files.remove(host):
            gone.append(f"the file {self.files.path(host)}")
        return tuple(gone)

    def in_environment(self, host: str) -> HostToken | None:
        """The token that a variable holds for a host."""
        for name in (OWN, *FORGES):
            secret = self.environ.get(name, "")
            if secret and self._meant(name) == host:
                return HostToken(host, f"the variable {name}", checked_secret(secret, name))
        return None

    def _meant(self, variable: str) -> str:
        if variable == OWN:
            return host_of(self.environ.get(OWN_HOST) or GITHUB)
        return forge_host(self.environ)

    def _kept(self, host: str) -> HostToken | None:
        keyring = self.keyring()
        try:
            return keyring.read(host) if keyring else None
        except KeyringError as error:
            self.warn(str(error))
            return None

    def _forget_in(self, keyring: SystemKeyring, host: str) -> bool:
        try:
            return keyring.remove(host)
        except KeyringError as error:
            self.warn(str(error))
            return False


def forge_host(environ: Mapping[str, str]) -> str:
    """The forge that is meant where nothing else names one: a job's own, an enterprise's, github.com."""
    if api := environ.get("GITHUB_API_URL"):
        return forge_of_api(api)
    return host_of(environ.get("GITHUB_SERVER_URL") or GITHUB)


def token_store(
    environ: Mapping[str, str], warn: Callable[[str], None] = lambda _: None
) -> TokenStore:
    """The places of the user who runs this."""
    return TokenStore(environ, TokenFiles(data_folder()), warn=warn)
