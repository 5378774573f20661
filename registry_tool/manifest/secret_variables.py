"""The environment variable that holds a secret for one host: no two hosts, ports or names share one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from registry_tool.core.addresses import literal
from registry_tool.core.errors import RegistryError
from registry_tool.manifest.hosts import PORTS
from registry_tool.manifest.model import ExternalApi
from registry_tool.manifest.services import SERVICES

_SPELLED: Mapping[str, str] = {"-": "H", "_": "U", ":": "C"}
_OTHER = re.compile(r"[^a-z0-9.]|\.(?=\.)|^\.|\.$")
_LIKE_A_SPELLING = re.compile(r"__(?:[HUCP]|X[0-9A-F]+)__", re.IGNORECASE)


def secret_variable(name: str, host: str, port: int | None = None) -> str:
    """`<NAME>__<HOST>`; `port` is None for the scheme's own.

    In the host a dot is `_`, `-` is `__H__`, `_` is `__U__`, `:` is `__C__`, any other character than letters
    and digits `__X<its number in hexadecimal>__`; another port follows as `__P__<port>`. GitHub and shells take
    capitals, digits and `_` alone. `RegistryError` for a name that could be taken for a part of a host.
    """
    if _LIKE_A_SPELLING.search(f"{name}__"):
        raise RegistryError(
            f"the secret's name {name} reads like a part of a host's spelling",
            hint="name it without __ and a single letter behind it",
        )
    spelled = _OTHER.sub(_spelled, host.lower()).replace(".", "_").upper()
    return f"{name}__{spelled}" + ("" if port is None else f"__P__{port}")


def _spelled(match: re.Match[str]) -> str:
    char = match[0]
    return f"__{_SPELLED.get(char) or f'X{ord(char):X}'}__"


def variable_for(name: str, url: str) -> str:
    """The variable of a secret that goes with requests to an address; `ValueError` for what is not an address."""
    host, port = destination(url)
    return secret_variable(name, host, None if port == PORTS.get(urlsplit(url).scheme) else port)


def destination(url: str) -> tuple[str, int]:
    """Host (small letters, IDNA) and port of an address; `ValueError` for what is not an address."""
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    port = parts.port if parts.port is not None else PORTS.get(parts.scheme, 0)
    return (host if host.isascii() else host.encode("idna").decode()), port


def may_carry_secrets(url: str) -> bool:
    """Whether what is sent to an address can't be read on the way: https, or http that stays on this machine."""
    parts = urlsplit(url.strip())
    if parts.scheme == "https":
        return True
    host = (parts.hostname or "").rstrip(".")
    address = literal(host)
    loopback = address is not None and address.is_loopback
    return parts.scheme == "http" and (loopback or host == "localhost")


def variables_of(api: ExternalApi, name: str) -> tuple[str, ...]:
    """The variables in which a service's secret can be: one for each host that it may be sent to."""
    service = SERVICES.get(api.name)
    exact = [host for host in api.hosts if "*" not in host]
    if not exact or (service and name in service.secrets):
        return (name,)
    return tuple(dict.fromkeys(_of_hosts(name, exact)))


def _of_hosts(name: str, hosts: list[str]) -> Iterator[str]:
    for declared in hosts:
        host, _, port = declared.lower().partition(":")
        standard = port in {"", "443"}
        yield secret_variable(name, host.rstrip("."), None if standard else int(port))
