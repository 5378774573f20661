"""Runs one target: atheris (libFuzzer, led by coverage), or hypothesis where there is none.

    python -m tests.fuzz.worker TARGET SECONDS INPUTS SEED FOLDER atheris|hypothesis

Ends after so many seconds, or so many inputs if INPUTS isn't 0: then a quick machine tries what a slow one tries.
Writes `stats.json` and `findings/` into the folder and keeps its corpus there.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.fuzz.target import Target

_MEMORY_MIB: Final = 2048
_HANGS_AFTER: Final = 120
"""Seconds by the clock after which libFuzzer ends an input; `MOST_SECONDS` of processor time are told before."""
_MOST_SORTS: Final = 20


class Counter:
    """Judges inputs, counts them, and notes what they break."""

    def __init__(self, target: Target, folder: Path) -> None:
        from tests.fuzz.findings import Findings, broken

        self._target, self._folder, self._broken = target, folder, broken
        self._findings = Findings(target, folder / "findings")
        self.inputs, self._reported_at = 0, 0.0

    def __call__(self, data: bytes) -> None:
        """One input."""
        self.inputs += 1
        full = len(self._findings.sorts) >= _MOST_SORTS
        if (message := self._broken(self._target, data)) and not full:
            self._findings.note(data, message)
        if not self.inputs % 100 or time.monotonic() - self._reported_at > 1:
            self.tell()

    def tell(self) -> None:
        """Write how many inputs were tried; libFuzzer ends the process without a word to Python."""
        self._reported_at = time.monotonic()
        text = json.dumps({"inputs": self.inputs, "findings": len(self._findings.sorts)})
        (self._folder / "stats.json").write_text(text)


def by_atheris(name: str, seconds: int, inputs: int, seed: int, folder: Path) -> None:
    """The target under libFuzzer, with the product's own code instrumented."""
    import atheris

    with atheris.instrument_imports(include=["registry_tool"], enable_loader_override=False):
        target = _named(name)
    count = Counter(target, folder)
    mutate = _mixed(target, lambda data, largest: atheris.Mutate(data, largest))  # noqa: PLW0108 - set by `Fuzz`
    words = (
        *("fuzz", f"-runs={inputs}" if inputs else f"-max_total_time={seconds}"),
        *(f"-seed={seed}", f"-max_len={target.largest}"),
        *(f"-rss_limit_mb={_MEMORY_MIB}", f"-timeout={_HANGS_AFTER}", f"-artifact_prefix={folder}/"),
        *(f"-dict={_dictionary(target, folder)}", "-print_final_stats=1"),
        *(str(_folder(folder / "corpus")), str(_seeded(target, folder / "seeds"))),
    )  # fmt: skip
    atheris.Setup(list(words), count, custom_mutator=mutate)
    atheris.Fuzz()


def _mixed(
    target: Target, plain: Callable[[bytes, int], bytes]
) -> Callable[[bytes, int, int], bytes]:
    """Half of all inputs by structure, half by libFuzzer's own changes."""

    def mutate(data: bytes, largest: int, seed: int) -> bytes:
        rng = random.Random(seed)  # noqa: S311 - repeats what it did
        if target.mutate is None or rng.random() < 0.5:
            return plain(data, largest)
        return target.mutate(data, rng)[:largest]

    return mutate


def by_hypothesis(name: str, seconds: int, inputs: int, seed: int, folder: Path) -> None:
    """The target with inputs that hypothesis chooses: a seed and changes to it, not led by coverage."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as chosen
    from hypothesis import strategies as st

    from tests.fuzz import mutations

    target = _named(name)
    count, found = Counter(target, folder), list(target.seeds().values())
    words = [word.encode() for word in target.words]
    ends = time.monotonic() + seconds
    for data in found:
        count(data)

    def goes_on() -> bool:
        return count.inputs < inputs if inputs else time.monotonic() < ends

    @given(st.sampled_from(found), st.integers(0, 2**48), st.integers(0, 6))
    @settings(
        max_examples=200,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    def some(data: bytes, number: int, changes: int) -> None:
        rng = random.Random(number)  # noqa: S311 - hypothesis repeats it
        for _ in range(changes):
            if target.mutate is not None and rng.random() < 0.5:
                data = target.mutate(data, rng)
            else:
                data = mutations.bytes_of(data, rng, words)
        if goes_on():
            count(data[: target.largest])

    while goes_on():
        chosen(seed)(some)()
        seed += 1
    count.tell()


ENGINES: Final = {"atheris": by_atheris, "hypothesis": by_hypothesis}


def _named(name: str) -> Target:
    from tests.fuzz.all_targets import ALL_TARGETS

    return next(target for target in ALL_TARGETS if target.name == name)


def _folder(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _seeded(target: Target, folder: Path) -> Path:
    """The target's seeds as files."""
    for number, data in enumerate(target.seeds().values()):
        (_folder(folder) / f"{number:05}").write_bytes(data[: target.largest])
    return _folder(folder)


def _dictionary(target: Target, folder: Path) -> Path:
    """The target's words in libFuzzer's form."""
    path = _folder(folder) / "words.dict"
    lines = ["".join(f"\\x{byte:02x}" for byte in word.encode()) for word in target.words if word]
    path.write_text("".join(f'"{line}"\n' for line in lines))
    return path


if __name__ == "__main__":
    NAME, SECONDS, INPUTS, SEED, FOLDER, ENGINE = sys.argv[1:]
    ENGINES[ENGINE](NAME, int(SECONDS), int(INPUTS), int(SEED), Path(FOLDER))
