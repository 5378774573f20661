"""A part of a program's help page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Section(NamedTuple):
    """Commands that belong together, each with one sentence, and an example of one of them."""

    title: str
    example: str
    commands: Mapping[str, str]
