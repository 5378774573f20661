from __future__ import annotations

import pytest

from registry_tool.commands.author.publishing.tag import demand_tag
from registry_tool.core.errors import UsageError


@pytest.mark.parametrize(
    "tag", ["1.2.0", "v1.2.0", "greet-1.2.0", "greet-v1.2.0", "greet@1.2.0", "greet/v1.2.0"]
)
def test_a_tag_that_names_the_version(tag: str) -> None:
    demand_tag(tag, "greet", "1.2.0")


@pytest.mark.parametrize("tag", ["", "v1.2", "1.2.1", "v1.2.0-rc.1", "other-v1.2.0", "vv1.2.0"])
def test_any_other(tag: str) -> None:
    with pytest.raises(UsageError, match=r"doesn't name greet 1\.2\.0") as refused:
        demand_tag(tag, "greet", "1.2.0")
    assert "v1.2.0" in refused.value.hint
