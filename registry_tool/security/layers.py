"""A text that another one says to those who decode it."""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.core.records import Record

Span = tuple[int, int]
"""Start and end (exclusive) in a text, from 0."""


class Layer(Record, frozen=True):
    """A decoded text: by which `encoding`, and where each part of it stands in the text that it comes from."""

    text: str
    encoding: str
    origin: Callable[[Span], Span]
