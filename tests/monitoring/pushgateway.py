"""Debian's real Pushgateway, started for a test."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.bounded import PATIENCE

gateway_there = pytest.mark.skipif(
    shutil.which("prometheus-pushgateway") is None,
    reason="the Pushgateway (Debian package prometheus-pushgateway) is not installed",
)


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def pushgateway() -> Iterator[str]:
    """Its address, once it is ready."""
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        # Debian's keeps what it has by default; this one begins with nothing
        ["prometheus-pushgateway", f"--web.listen-address={address}", "--persistence.file="],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                with urlopen(f"http://{address}/-/ready", timeout=PATIENCE):
                    break
            except URLError:
                time.sleep(0.05)
        yield f"http://{address}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
