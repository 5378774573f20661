"""What a registry asks of a version that is to be published: `policy.publish` of registry.yaml."""

from __future__ import annotations

from typing import Final

DESCRIPTION: Final = "description"
LICENSE: Final = "license"
TESTS: Final = "tests"

PUBLISH_POLICY: Final = frozenset({DESCRIPTION, LICENSE, TESTS})
"""Every part; each is asked for unless a registry turns it off."""
