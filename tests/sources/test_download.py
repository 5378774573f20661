"""A registry that lies, answers for ever, or leads elsewhere: a sentence, in time, and nothing fetched."""

from __future__ import annotations

import threading

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.http import may_follow
from registry_tool.sources.download import download
from tests.answering import answering, ok
from tests.bounded import PATIENCE


def _moved(target: str) -> bytes:
    return f"HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n".encode()


def test_a_document() -> None:
    with answering(ok("content-length: 8\r\n")) as address:
        assert download(f"{address}/x", 8) == b"document"


@pytest.mark.parametrize("length", ["\xb2", "1" * 5000, "abc", "-1"])
def test_a_length_that_is_none_counts_for_nothing(length: str) -> None:
    with answering(ok(f"content-length: {length}\r\n")) as address:
        assert download(f"{address}/x", 100) == b"document"


@pytest.mark.parametrize(
    "answer",
    [
        ok("transfer-encoding: chunked\r\n", b"-5\r\nabc"),
        ok("transfer-encoding: chunked\r\n", b"ZZ\r\nabc"),
        ok("content-length: 9\r\n"),
        b"\0\1garbage\r\n\r\n",
        b"",
        _moved("http://[::1"),
        _moved("http://127.0.0.1:abc/"),
    ],
)
def test_what_is_no_answer_is_a_sentence(answer: bytes) -> None:
    with answering(answer) as address, pytest.raises(RegistryError):
        download(f"{address}/x", 100)


def test_it_is_never_larger_than_it_may_be() -> None:
    with (
        answering(ok("", b""), endless=b"x" * 65536) as address,
        pytest.raises(RegistryError) as error,
    ):
        download(f"{address}/x", 100_000)
    assert "more than 100000 bytes" in error.value.reason


@pytest.mark.parametrize("endless", [b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_headers_without_end_are_left(endless: bytes) -> None:
    with answering(endless, endless) as address, pytest.raises(RegistryError) as error:
        download(f"{address}/x", 100, policy=0.2)
    assert "no whole answer within 0.2 s" in error.value.reason
    for thread in threading.enumerate():
        if thread.name == "exchange":  # nobody reads on in the background
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.mark.parametrize("scheme", ["ftp", "file", "gopher"])
def test_no_redirect_leads_to_another_scheme(scheme: str) -> None:
    with (
        answering(_moved(f"{scheme}://127.0.0.1/x")) as address,
        pytest.raises(RegistryError) as error,
    ):
        download(f"{address}/x", 100)
    assert "302" in error.value.reason


def test_a_user_in_the_address_goes_to_its_host_and_no_other() -> None:
    """Neither an error nor a redirect tells the password."""
    with (
        answering(_moved("http://localhost:1/x")) as address,
        pytest.raises(RegistryError) as error,
    ):
        download(address.replace("://", "://ada:s3cret@") + "/x", 100)
    assert "localhost:1" in str(error.value)
    assert "s3cret" not in str(error.value) + repr(error.value)


def test_no_redirect_leads_to_another_host() -> None:
    with (
        answering(ok("content-length: 8\r\n")) as elsewhere,
        answering(_moved(f"{elsewhere}/x")) as address,
        pytest.raises(RegistryError) as error,
    ):
        download(f"{address}/x", 100)
    assert "302" in error.value.reason


@pytest.mark.parametrize(
    ("here", "there", "followed"),
    [
        ("https://a.example/x", "http://a.example/y", False),
        ("https://a.example/x", "https://a.example/y", True),
        ("http://a.example/x", "https://a.example/y", True),
        ("http://a.example/x", "ftp://a.example/y", False),
        ("http://a.example/x", "http://b.example/y", False),
    ],
)
def test_a_redirect_keeps_the_host_and_never_loses_encryption(
    here: str, there: str, followed: bool
) -> None:
    assert may_follow(here, there) == followed
