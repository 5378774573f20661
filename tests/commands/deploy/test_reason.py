"""A reason in an operator's own words: plain, on one line, without secrets."""

from __future__ import annotations

import pytest

from registry_tool.commands.deploy.reason import checked_reason
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.core.errors import UsageError
from tests.commands.deploying import ENV, Scene, shares


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("x" * 501, "501 characters"),
        ("\x1b[31m", "can't be shown"),
        ("token ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", "looks like a secret"),
    ],
)
def test_a_reason_is_plain_and_short_and_holds_no_secret(
    scene: Scene, reason: str, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        rollback(scene.target, "hello", ENV, how=scene.how(reason=reason))
    assert shares(scene) == {"1.1.0": 10, "1.0.0": 90}


def test_a_reasons_lines_become_one() -> None:
    assert checked_reason(" two\n lines ") == "two lines"
