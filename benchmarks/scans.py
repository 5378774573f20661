"""How much of a corpus of hostile and of harmless versions the scans over all bytes tell apart, and their cost.

The corpus is that of tests/security/scanning: words and carriers that rules were tuned on, and others that were
written before the rules and only measured. `python scans.py FOLDER …` judges each file of these folders as if it
were a version's: what is reported of files that nobody wrote for a test. detect-secrets is the peer in speed (of a
core, whatever else runs); it looks for less. `--smallest` takes a tenth of a mebibyte.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from timing import sized

sys.path.insert(0, str(Path(__file__).parents[1]))

from recognisers import peer

from registry_tool.core.finding import Severity
from tests.security.scanning.corpus import ScanCase, cases, one_file
from tests.security.scanning.verdicts import found_in, verdict

BYTES = sized(2**22, 2**20 // 10)
PARTS = (("known", False), ("held out", True))
ENDINGS = (
    *(".md", ".txt", ".rst", ".json", ".yaml", ".yml", ".toml", ".csv", ".html", ".xml", ".svg"),
    *(".png", ".jpg", ".gif", ".webp", ".py", ".js", ".css", ".sql"),
)
LARGEST = 2**20
STOPPED = {Severity.ERROR, Severity.HOLD}


def share(part: int, whole: int) -> str:
    """`n of m`, in percent too."""
    return f"{part} of {whole} ({100 * part / whole:.1f} %)" if whole else "–"


def rates(found: Iterable[Severity | None]) -> tuple[int, int, int]:
    """How many, of how many anything is reported, and how many of them are held or refused."""
    verdicts = list(found)
    reported = sum(one is not None for one in verdicts)
    return len(verdicts), reported, sum(one in STOPPED for one in verdicts)


def table(hostile: bool) -> Iterator[str]:
    """Rows by class, and all of them: reported and stopped, of what is known and of what was held out."""
    by_class: dict[str, dict[bool, list[ScanCase]]] = defaultdict(lambda: defaultdict(list))
    for case in cases():
        if case.hostile is hostile:
            by_class[case.kind][case.held_out].append(case)
            by_class["all"][case.held_out].append(case)
    everything = by_class.pop("all")
    for kind, parts in (*by_class.items(), ("**all**", everything)):
        columns = []
        for _, held_out in PARTS:
            number, reported, stopped = rates(verdict(found_in(case)) for case in parts[held_out])
            columns += [share(reported, number), share(stopped, number)]
        yield f"| {kind} | {' | '.join(columns)} |"


def harmless(size: int) -> str:
    """So many characters of the corpus's harmless texts, again and again."""
    texts = [
        data.decode("utf-8", "replace")
        for case in cases()
        if not case.hostile
        for path, data in case.files.items()
        if path.startswith(("docs/R", "resources/")) and b"\0" not in data
    ]
    whole = "\n".join(texts)
    return (whole * (size // len(whole) + 1))[:size]


def cost(call: Callable[[], object]) -> float:
    """Seconds of a core, the least of three times."""

    def once() -> float:
        started = time.process_time()
        call()
        return time.process_time() - started

    return min(once() for _ in range(sized(3, 1)))


def speed() -> Iterator[str]:
    """Milliseconds of a core a MiB: of a quarter and of all of a text, and beside the peer."""
    for size in (BYTES // 4, BYTES):
        case = one_file("docs/a.md", harmless(size).encode())
        mebibytes = len(case.files["docs/a.md"]) / 2**20
        ours = cost(partial(found_in, case)) / mebibytes
        yield f"{mebibytes:.2f} MiB: {1000 * ours:.0f} ms of a core a MiB"
    theirs, lines = peer(), harmless(BYTES).split("\n")
    peers = cost(lambda: [theirs(line) for line in lines]) / mebibytes
    yield f"a ratio of {ours / peers:.2f} to detect-secrets ({1000 * peers:.0f} ms a MiB)"


def files(names: Iterable[str]) -> Iterator[ScanCase]:
    """Each file below some folders whose ending a version may have."""
    for path in (path for name in names for path in sorted(Path(name).rglob("*"))):
        if path.suffix.lower() in ENDINGS and path.is_file() and path.stat().st_size <= LARGEST:
            yield one_file(f"docs/{path.name}", path.read_bytes())


def folders(names: Iterable[str]) -> Iterator[str]:
    """What is reported of the files below some folders, by rule."""
    looked, reported, stopped = 0, Counter[str](), Counter[str]()
    for case in files(names):
        looked += 1
        found = [one for one in found_in(case) if one.path.startswith("docs/")]
        reported.update({"any": bool(found), **dict.fromkeys((one.rule for one in found), 1)})
        stops = [one.rule for one in found if one.severity in STOPPED]
        stopped.update({"any": bool(stops), **dict.fromkeys(stops, 1)})
    for rule, number in reported.most_common():
        yield f"{rule}: reported {share(number, looked)}, stopped {share(stopped[rule], looked)}"


def main() -> None:
    """Print recall and false positives by class, and the speed; or what is reported of given folders."""
    if named := [word for word in sys.argv[1:] if not word.startswith("-")]:
        print(*folders(named), sep="\n")
        return
    for hostile, title in ((True, "hostile"), (False, "harmless")):
        heads = " | ".join(f"{part}: reported | held or refused" for part, _ in PARTS)
        print(f"\n| {title} | {heads} |\n| {' | '.join(['---'] * 5)} |")
        print(*table(hostile), sep="\n")
    print("", *speed(), sep="\n")


if __name__ == "__main__":
    main()
