"""What a file says in plain text is told also where more of it is encoded than is looked at."""

from __future__ import annotations

import base64
import gzip
from unittest import mock

from registry_tool.core.finding import Severity
from registry_tool.rules.secrets import in_content
from registry_tool.security import encodings


def test_more_than_is_looked_at_waits_for_a_human_and_hides_no_secret() -> None:
    bombs = b" ".join([base64.b64encode(gzip.compress(bytes(2**16)))] * 9)
    content = b"key: ghp_" + b"012345678901234567890123456789abcdEF\n" + bombs
    with mock.patch.object(encodings, "MOST_OF_A_FILE", 2**18):
        found = [(one.severity, one.location) for one in in_content("docs/a.md", content)]
    assert found == [(Severity.HOLD, (0, 0)), (Severity.ERROR, (1, 6))]
