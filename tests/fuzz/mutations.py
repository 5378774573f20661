"""Changes that keep an input's structure, for readers that refuse most random bytes at once."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Sequence
from typing import Any

Make = Callable[[random.Random], Any]


def lines(data: bytes, rng: random.Random) -> bytes:
    """Lines doubled, left out, moved, indented, or cut into pieces that go elsewhere."""
    found = data.split(b"\n")
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(found))
        line = found[at]
        match rng.randrange(6):
            case 0:
                found.insert(rng.randrange(len(found) + 1), line)
            case 1 if len(found) > 1:
                del found[at]
            case 2:
                found[at] = b"  " * rng.randint(0, 3) + line.lstrip()
            case 3:
                cut = rng.randint(0, len(line))
                found[at : at + 1] = [line[:cut], line[cut:]]
            case 4:
                other = rng.randrange(len(found))
                found[at], found[other] = found[other], line
            case _:
                other = found[rng.randrange(len(found))]
                found[at] = line[: rng.randint(0, len(line))] + other[rng.randint(0, len(other)) :]
    return b"\n".join(found)


def json_by(make: Make) -> Callable[[bytes, random.Random], bytes]:
    """A mutation of JSON texts: parts are replaced by others of the same text, or by what `make` gives."""

    def mutate(data: bytes, rng: random.Random) -> bytes:
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            value = make(rng)
        for _ in range(rng.randint(1, 4)):
            value = _changed(value, rng, make)
        try:
            return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
        except (ValueError, RecursionError):
            return data

    return mutate


def _changed(value: Any, rng: random.Random, make: Make) -> Any:
    """The value with one part replaced."""
    locations = _places(value)
    route = rng.choice(locations)
    part = copy.deepcopy(_at(value, rng.choice(locations))) if rng.random() < 0.4 else make(rng)
    if not route:
        return part if rng.random() < 0.1 else _grown(value, part, rng)
    holder = _at(value, route[:-1])
    if rng.random() < 0.2:
        del holder[route[-1]]
    elif rng.random() < 0.5:
        holder[route[-1]] = _grown(holder[route[-1]], part, rng)
    else:
        holder[route[-1]] = part
    return value


def _grown(value: Any, part: Any, rng: random.Random) -> Any:
    """An object or list with the part added to it; another value is replaced."""
    if isinstance(value, dict) and isinstance(part, dict):
        return {**value, **part}
    if isinstance(value, list):
        return [*value, part]
    return part if rng.random() < 0.5 else value


def _places(value: Any, most: int = 400) -> list[tuple[str | int, ...]]:
    found: list[tuple[str | int, ...]] = []
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    while waiting and len(found) < most:
        route, item = waiting.pop()
        found.append(route)
        if isinstance(item, dict):
            waiting += [((*route, key), below) for key, below in item.items()]
        elif isinstance(item, list):
            waiting += [((*route, at), below) for at, below in enumerate(item)]
    return found


def _at(value: Any, route: Sequence[str | int]) -> Any:
    for step in route:
        value = value[step]
    return value


def bytes_of(data: bytes, rng: random.Random, words: Sequence[bytes]) -> bytes:
    """Bytes changed, left out, doubled or put in at random: what every fuzzer does to what it doesn't know."""
    found = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(found))
        match rng.randrange(5):
            case 0 if at < len(found):
                found[at] ^= 1 << rng.randrange(8)
            case 1:
                del found[at : at + rng.randint(1, 8)]
            case 2:
                found[at:at] = found[at : at + rng.randint(1, 32)]
            case 3 if words:
                found[at:at] = rng.choice(words)
            case _:
                found[at:at] = bytes([rng.randrange(256)])
    return bytes(found)
