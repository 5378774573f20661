from __future__ import annotations

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.forge.github.client import GitHub
from tests.forge.fault_server import FaultServer, Reply


def release(*assets: tuple[str, int]) -> dict[str, object]:
    return {"assets": [{"name": name, "download_count": count} for name, count in assets]}


def test_all_pages_are_counted_together(server: FaultServer, github: GitHub) -> None:
    server.replies = [
        Reply(200, [release(("a-1.0.0.wfpkg", 2))] * 100),
        Reply(200, [release(("a-1.0.0.wfpkg", 1), ("b.txt", 5)), release()]),
    ]
    assert github.releases.downloads() == {"a-1.0.0.wfpkg": 201, "b.txt": 5}
    assert [asked.path.partition("?")[2] for asked in server.asked] == [
        "per_page=100&page=1",
        "per_page=100&page=2",
    ]


def test_a_count_that_is_none_is_an_error(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, [release(("a", -1))])]
    with pytest.raises(RegistryError, match="download_count"):
        github.releases.downloads()
