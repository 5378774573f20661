"""`scripts/fuzz`: runs targets side by side, and tells what was tried and found. Exit code 1: findings."""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Final

from tests.fuzz import readable
from tests.fuzz.all_targets import ALL_TARGETS
from tests.fuzz.findings import broken, described
from tests.fuzz.target import Target

CACHE: Final = Path(".cache/fuzz")
_GRACE: Final = 300
_LONGEST: Final = 3600
"""Seconds after which a run by number of inputs is ended: it hangs."""
_BROKEN_OFF: Final = ("crash-*", "timeout-*", "oom-*")  # libFuzzer's names


@dataclass(frozen=True, slots=True)
class Done:
    """A target's campaign: inputs that were tried, findings as files, and why it ended early, if it did."""

    target: Target
    inputs: int
    findings: tuple[Path, ...]
    ended: str = ""

    def __str__(self) -> str:
        said = f"{self.target.name:15} {self.inputs:>11,} inputs  {len(self.findings)} findings"
        return f"{said}  NOT RUN TO ITS END: {self.ended}" if self.ended else said


def engine() -> str:
    """atheris where it is installed (extra `fuzz`), else hypothesis."""
    return "atheris" if importlib.util.find_spec("atheris") else "hypothesis"


def run(target: Target, seconds: int, inputs: int, seed: int, by: str) -> Done:
    """One target in a process of its own. The corpus stays, and what was found before and is not mended."""
    folder = CACHE / target.name
    shutil.rmtree(folder / "seeds", ignore_errors=True)
    _forget_mended(target, folder / "findings")
    for pattern in (*_BROKEN_OFF, "stats.json"):
        for path in folder.glob(pattern):
            path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    numbers = (str(seconds), str(inputs), str(seed))
    words = ("-m", "tests.fuzz.worker", target.name, *numbers, str(folder), by)
    with (folder / "log.txt").open("wb") as log:
        try:
            code = subprocess.run(
                [sys.executable, *words],
                check=False,
                stdout=log,
                stderr=log,
                timeout=_LONGEST if inputs else seconds + _GRACE,
            ).returncode
        except subprocess.TimeoutExpired:
            code = -1
    return _done(target, folder, code)


def _forget_mended(target: Target, findings: Path) -> None:
    for path in findings.glob("*.txt"):
        broken_off = any(path.match(pattern) for pattern in _BROKEN_OFF)  # may never end
        if broken_off or not broken(target, readable.read(path.read_text(encoding="utf-8"))):
            path.unlink()


def _done(target: Target, folder: Path, code: int) -> Done:
    for path in (path for pattern in _BROKEN_OFF for path in folder.glob(pattern)):
        (folder / "findings").mkdir(exist_ok=True)
        (folder / "findings" / f"{path.name}.txt").write_text(readable.written(path.read_bytes()))
    stats = folder / "stats.json"
    inputs = json.loads(stats.read_text())["inputs"] if stats.exists() else 0
    ended = "" if code == 0 and inputs else f"exit code {code}, see {folder / 'log.txt'}"
    return Done(target, inputs, tuple(sorted((folder / "findings").glob("*.txt"))), ended)


def replay(paths: list[str]) -> int:
    """1 where a kept input still breaks its target, which the name of its folder or the one above tells."""
    code = 0
    for path in map(Path, paths):
        names = {part.name for part in path.resolve().parents}
        target = next((one for one in ALL_TARGETS if one.name in names), None)
        if target is None:
            print(f"{path}: no folder above is named like a target")
            return 2
        if not path.is_file():
            print(f"{path}: no such file")
            return 2
        said = broken(target, readable.read(path.read_text(encoding="utf-8")))
        print(f"{path}: {said or 'holds'}")
        code |= bool(said)
    return code


def commit_seed() -> int:
    """A number that the commit at hand gives: another for each change, the same for who repeats it."""
    head = subprocess.run(["git", "rev-parse", "HEAD"], check=False, capture_output=True, text=True)
    return int(head.stdout[:7] or "1", 16)


def _parsed(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/fuzz",
        description="Fuzz the readers of what strangers write (tests/fuzz).",
        epilog="Targets: " + ", ".join(target.name for target in ALL_TARGETS),
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="which ones; all by default")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default 60)")
    parser.add_argument(
        "--inputs",
        type=int,
        default=0,
        help="for each target, instead of seconds: the same on every machine",
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="at the same time")
    parser.add_argument("--seed", type=int, help="repeats a run; by default the commit gives it")
    parser.add_argument(
        "--engine", choices=("atheris", "hypothesis"), help="atheris where installed, by default"
    )
    parser.add_argument("--replay", nargs="+", metavar="FILE", help="only judge kept inputs")
    parsed = parser.parse_args(words)
    known = {target.name for target in ALL_TARGETS}
    if unknown := [name for name in parsed.targets if name not in known]:
        parser.error(f"no target {unknown[0]!r}; there are {', '.join(sorted(known))}")
    return parsed


def _how_long(asked: argparse.Namespace) -> str:
    return f"with {asked.inputs:,} inputs" if asked.inputs else f"for {asked.seconds} s"


def main(words: list[str]) -> int:
    """The exit code: 0 where every target ran to its end and nothing was found."""
    asked = _parsed(words)
    if asked.replay:
        return replay(asked.replay)
    by, seed = asked.engine or engine(), asked.seed if asked.seed is not None else commit_seed()
    chosen = [one for one in ALL_TARGETS if not asked.targets or one.name in asked.targets]
    with_what = (
        f"atheris {metadata.version('atheris')}"
        if by == "atheris"
        else "hypothesis, which coverage does not lead (`pip install -e '.[fuzz]'` brings atheris)"
    )
    print(
        f"Fuzzing {len(chosen)} targets {_how_long(asked)} each, {asked.jobs} at a time, by {with_what}; "
        f"--seed {seed} repeats it.",
        flush=True,
    )
    one = partial(run, seconds=asked.seconds, inputs=asked.inputs, seed=seed, by=by)
    with ThreadPoolExecutor(asked.jobs) as pool:
        code = 0
        for done in pool.map(one, chosen):
            print(done, flush=True)
            for path in done.findings:
                print(described(done.target, path), flush=True)
            code |= bool(done.findings or done.ended)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
