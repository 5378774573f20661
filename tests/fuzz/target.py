"""What every fuzz target is: a property of one reader, over bytes that anybody may have written."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from registry_tool.core.errors import RegistryError

MOST_SECONDS: Final = 5.0
"""Of processor time for one input; a hundred times what the slowest harmless one takes."""

Check = Callable[[bytes], None]
Mutate = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True, slots=True)
class Target:
    """One reader: `check` raises for an input that breaks its property, and returns for every other.

    `seeds` are inputs by a name that tells where they come from, `words` what a dictionary offers. `mutate` makes
    a new input of the same structure out of one; bytes are changed at random beside it. `largest`: in bytes.
    """

    name: str
    reads: str
    check: Check
    seeds: Callable[[], Mapping[str, bytes]]
    words: tuple[str, ...] = ()
    mutate: Mutate | None = None
    largest: int = 8 * 1024


class FindingError(AssertionError):
    """An input broke a target's property."""


def judge(target: Target, data: bytes) -> None:
    """The target's property, and that an input costs little; `FindingError` says what is broken."""
    started = time.process_time()
    try:
        target.check(data)
    except AssertionError as error:
        raise FindingError(str(error) or "the property does not hold") from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # whatever escapes a reader, Rust's panics too
        raise FindingError(f"{type(error).__name__} escapes: {str(error)[:200]}") from error
    if (took := time.process_time() - started) > MOST_SECONDS:
        raise FindingError(f"takes {took:.1f} s of processor time, more than {MOST_SECONDS:g}")


def says_enough(error: RegistryError) -> None:
    """An error for a person: the place, the reason and the fix."""
    assert error.reason.strip(), "an error without a reason"
    assert error.location.strip(), f"an error without a place: {error.reason}"
    assert error.hint.strip(), f"an error without a way out: {error.reason}"


def lines_of(texts: Iterable[str]) -> dict[str, bytes]:
    """Seeds of short texts, named by themselves."""
    return {text[:40]: text.encode() for text in texts}
