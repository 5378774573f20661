"""One document of a registry over HTTP: from its own host, of a bounded size, within a bounded time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.sources.connections import Connections

PATIENCE = 300.0
"""Seconds for a whole document, whatever drips."""
_SILENCE = 30.0  # seconds without a byte
_MOST_DIGITS = 18


def download(address: str, largest: int, *, patience: float = PATIENCE) -> bytes:
    """The document at an `http://` or `https://` address.

    `NotFoundError` where there is none; `RegistryError` where it has more than `largest` bytes, is cut short, or
    is not whole within `patience` seconds.
    """
    transfer = _Transfer(address, largest)
    # A thread, since a server that keeps sending headers is never left by a socket's own timeout.
    thread = threading.Thread(target=transfer.run, name="download", daemon=True)
    thread.start()
    thread.join(patience)
    if thread.is_alive():
        transfer.connections.cut()
        raise _failed(address, f"there was no whole answer within {patience:g} s")
    if transfer.error is not None:
        raise transfer.error
    return transfer.data


@dataclass
class _Transfer:
    """A document on its way; afterwards `data` or `error`."""

    address: str
    largest: int
    data: bytes = b""
    error: RegistryError | None = None
    connections: Connections = field(default_factory=Connections)

    def run(self) -> None:
        try:
            self.data = _fetched(_opener(self.connections), self.address, self.largest)
        except RegistryError as error:
            self.error = error


def _fetched(opener: OpenerDirector, address: str, largest: int) -> bytes:
    try:
        with opener.open(address, timeout=_SILENCE) as reply:  # only http:// and https:// get here
            data = reply.read(largest + 1)
            length = reply.headers.get("content-length", "")
    except HTTPError as error:
        error.close()
        if error.code == HTTPStatus.NOT_FOUND:
            raise NotFoundError("there is no such document", place=address) from None
        raise RegistryError(f"the registry answered {error.code}", place=address) from None
    except (
        OSError,
        HTTPException,
        ValueError,
    ) as error:  # the last: what `http.client` can't parse
        raise _failed(address, f"the download failed: {getattr(error, 'reason', error)}") from None
    if len(data) > largest:
        raise RegistryError(f"more than {largest} bytes", place=address)
    if _is_number(length) and len(data) != int(length):
        raise RegistryError("the download was cut short", place=address, way_out="try again")
    return bytes(data)


def _is_number(length: str) -> bool:
    return length.isascii() and length.isdigit() and len(length) <= _MOST_DIGITS


def _failed(address: str, reason: str) -> RegistryError:
    return RegistryError(reason, place=address, way_out="look at the address and the network")


class SameHost(HTTPRedirectHandler):
    """Follows redirects on the registry's own host only, and from https to nothing less."""

    def http_error_302(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage
    ) -> object:
        """Whatever the next request gives; `ValueError` for a target that is no address."""
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except ValueError:
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302

    def redirect_request(  # noqa: PLR0913, PLR0917 - the base class has it so
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The next request, None for another host or a lesser scheme."""
        here, there = urlsplit(req.full_url), urlsplit(newurl)
        if there.netloc != here.netloc or there.scheme not in {here.scheme, "https"}:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(connections: Connections) -> OpenerDirector:
    return build_opener(SameHost(), *connections.handlers())
