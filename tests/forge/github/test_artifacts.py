"""Archives that a job kept: read in memory, refused where they are hostile."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.forge.github.artifacts import LARGEST, MOST_FILES, unzip
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.model import Artifact
from tests.forge.fault_server import FaultServer, Reply, running


def archive(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files:
            made.writestr(name, content)
    return data.getvalue()


def link() -> bytes:
    info = zipfile.ZipInfo("link")
    info.external_attr = 0o120777 << 16
    return archive((info, b"/etc/passwd"))


def lying() -> bytes:
    """Says in both headers that a megabyte is a byte."""
    data = archive(("a", b"\0" * 2**20))
    return data.replace(struct.pack("<L", 2**20), struct.pack("<L", 1))


def test_files() -> None:
    assert unzip(archive(("run/a.json", b"{}"), ("b", b"\xff")), "x") == {
        "run/a.json": b"{}",
        "b": b"\xff",
    }


def test_folders_are_no_files() -> None:
    assert unzip(archive(("run/", b""), ("run/a", b"1")), "x") == {"run/a": b"1"}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"", "broken"),
        (lambda: b"PK\x03\x04nonsense", "broken"),
        (lambda: archive(("a", b"x" * 1000))[:-30], "broken"),
        (lambda: archive(("../a", b"")), "steps outside"),
        (lambda: archive(("/etc/passwd", b"")), "absolute"),
        (lambda: archive(("a\x1b[31m", b"")), "character"),
        (lambda: archive(("con", b"")), "Windows"),
        (link, "not a regular file"),
        (lying, "broken|another size"),
        (lambda: archive(*((str(n), b"") for n in range(MOST_FILES + 1))), "more than"),
        (lambda: archive(("bomb", b"\0" * (LARGEST + 1))), "unpacks to more than"),
    ],
)
def test_hostile_archives(make: Callable[[], bytes], said: str) -> None:
    with pytest.raises(RegistryError, match=said):
        unzip(make(), "artifact")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice() -> None:
    with pytest.raises(RegistryError, match="is listed twice"):
        unzip(archive(("a", b"1"), ("a", b"2")), "artifact")


def test_a_password() -> None:
    data = bytearray(archive(("a", b"secret")))
    for at in (data.find(b"PK\x03\x04") + 6, data.find(b"PK\x01\x02") + 8):
        data[at] |= 1
    with pytest.raises(RegistryError, match="broken"):
        unzip(bytes(data), "artifact")


def test_the_newest_stands_first(server: FaultServer, github: GitHub) -> None:
    names = [{"id": n, "name": "run", "size_in_bytes": 5, "expired": n == 1} for n in (1, 3, 2)]
    server.replies = [Reply(200, {"total_count": 3, "artifacts": names})]
    assert github.artifacts.of_run(9) == (
        Artifact(3, "run", 5),
        Artifact(2, "run", 5),
        Artifact(1, "run", 5, expired=True),
    )


def test_a_download_from_a_store(server: FaultServer, github: GitHub) -> None:
    with running() as store:
        store.replies = [Reply(200, archive(("result.json", b"{}")))]
        server.replies = [Reply(302, b"", {"location": f"{store.address}/signed?x=y"})]
        assert github.artifacts.files(Artifact(5, "run", 100)) == {"result.json": b"{}"}
        assert server.asked[0].path == "/repos/ada/registry/actions/artifacts/5/zip"
        assert "authorization" not in store.asked[0].headers


@pytest.mark.parametrize(
    ("artifact", "said"),
    [
        (Artifact(5, "run", LARGEST + 1), "more than"),
        (Artifact(5, "run", 1, expired=True), "expired"),
    ],
)
def test_what_is_not_downloaded(
    server: FaultServer, github: GitHub, artifact: Artifact, said: str
) -> None:
    with pytest.raises(RegistryError, match=said):
        github.artifacts.files(artifact)
    assert server.asked == []
