"""The same bytes for the same files."""

from __future__ import annotations

import io
import stat
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.path_clashes import path_clash
from registry_tool.manifest.digest import digest
from registry_tool.package.build import package_bytes
from registry_tool.package.open import open_package

SOME_PATHS = st.lists(st.text("abcdef", min_size=1, max_size=6), min_size=1, max_size=3).map(
    "/".join
)
FILES = st.dictionaries(SOME_PATHS, st.binary(max_size=50), max_size=6).filter(
    lambda files: not path_clash(files)
)


@given(FILES)
def test_what_is_packed_is_unpacked_whatever_the_order(files: dict[str, bytes]) -> None:
    data = package_bytes(files)
    assert package_bytes(dict(reversed(list(files.items())))) == data
    assert open_package(data, location="x", expected=digest(files)) == files


def test_nothing_in_it_depends_on_the_machine() -> None:
    data = package_bytes({"b": b"2", "a/c": b"1", "é": b""})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        assert [entry.filename for entry in entries] == ["a/c", "b", "é"]
        for entry in entries:
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert entry.compress_type == zipfile.ZIP_STORED
            assert stat.S_IMODE(entry.external_attr >> 16) == 0o644
            assert (entry.create_system, entry.extra, entry.comment) == (3, b"", b"")
        assert archive.testzip() is None
