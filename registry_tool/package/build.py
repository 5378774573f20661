"""A version's files → a `.wfpkg`: a ZIP, stored, sorted, with fixed times and modes.

Nothing is deflated, since deflate output differs between zlib builds; so the same files give the same bytes
everywhere.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that ZIP can say
_UNIX = 3
_REGULAR_0644 = 0o100644 << 16


def package_bytes(files: Mapping[str, bytes]) -> bytes:
    """The package of files given by path."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files, key=str.encode):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = _REGULAR_0644
            archive.writestr(entry, files[path])
    return buffer.getvalue()
