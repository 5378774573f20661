"""Every kind, in the order in which they go before each other."""

from __future__ import annotations

from typing import Final

from registry_tool.security.credential_kinds.clouds import CLOUDS
from registry_tool.security.credential_kinds.code import CODE
from registry_tool.security.credential_kinds.models import MODELS
from registry_tool.security.credential_kinds.services import SERVICES
from registry_tool.security.credential_kinds.structured import STRUCTURED

ALL_KINDS: Final = (*MODELS, *CLOUDS, *CODE, *SERVICES, *STRUCTURED)
"""Guesses last: a kind of its own goes before them."""
