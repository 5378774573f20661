"""Kept findings stay mended, and a campaign finds what is broken (campaigns themselves: `scripts/fuzz`)."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import campaign, mutations, readable, worker
from tests.fuzz.all_targets import ALL_TARGETS
from tests.fuzz.findings import KEPT, Findings, broken, described, smaller
from tests.fuzz.target import Target

TARGETS = {target.name: target for target in ALL_TARGETS}
FOUND = sorted(KEPT.glob("*/*.txt"))
FEW = 8


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_finding_stays_mended(path: Path) -> None:
    assert broken(TARGETS[path.parent.name], readable.read(path.read_text())) == ""


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_holds_for_fixtures_and_what_they_are_turned_into(name: str) -> None:
    target, rng = TARGETS[name], random.Random(1)  # noqa: S311 - the same inputs each time
    found = list(target.seeds().values())
    assert found
    for data in rng.sample(found, min(FEW, len(found))):
        changed = target.mutate(data, rng) if target.mutate else data
        assert broken(target, data) == ""
        assert broken(target, changed[: target.largest]) == ""


def _no_needle(data: bytes) -> None:
    assert b"<" not in data, "holds a needle"
    if data.startswith(b"!"):
        raise KeyError(1)


HAY = Target("hay", "nothing", _no_needle, lambda: {"hay": b"hay hay", "odd": b"ha<y"}, ("!", "<"))


def test_a_broken_property_is_found_made_small_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_named", lambda _: HAY)
    worker.by_hypothesis("hay", 0, 2, 1, tmp_path)
    assert json.loads((tmp_path / "stats.json").read_text()) == {"inputs": 2, "findings": 1}
    (path,) = (tmp_path / "findings").glob("*.txt")
    assert path.read_text() == "<"
    said = described(HAY, path)
    assert "holds a needle" in said
    assert f"scripts/fuzz --replay {path}" in said
    assert "tests/fuzz/findings/hay" in said


def test_what_escapes_is_a_finding_of_another_sort(tmp_path: Path) -> None:
    found = Findings(HAY, tmp_path)
    for data in (b"a<", b"b<c", b"!x", b"!"):
        found.note(data, broken(HAY, data))
    assert sorted(path.read_text() for path in tmp_path.iterdir()) == ["!", "<"]
    assert smaller(HAY, b"xx<yy<") in (b"<",)


def test_a_campaign_that_does_not_run_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(campaign, "CACHE", tmp_path)
    (tmp_path / "hay/findings").mkdir(parents=True)
    (tmp_path / "hay/findings/mended.txt").write_text("hay")
    (tmp_path / "hay/findings/open.txt").write_text("<")
    done = campaign.run(HAY, 0, 0, 1, "hypothesis")  # no such target in the worker's process
    assert "NOT RUN TO ITS END" in str(done)
    assert not (tmp_path / "hay/findings/mended.txt").exists()
    assert done.findings == (tmp_path / "hay/findings/open.txt",)
    assert "StopIteration" in (tmp_path / "hay/log.txt").read_text()


def test_kept_inputs_are_replayed_by_their_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "label").mkdir()
    (tmp_path / "label/x.txt").write_text("accept-")
    (tmp_path / "x.txt").write_text("")
    assert campaign.replay([str(tmp_path / "label/x.txt")]) == 0
    assert campaign.replay([str(tmp_path / "x.txt")]) == 2
    assert "no folder above is named like a target" in capsys.readouterr().out
    assert campaign.replay([str(tmp_path / "label/gone.txt")]) == 2
    assert "no such file" in capsys.readouterr().out


@given(st.binary())
def test_any_bytes_are_written_readably_and_read_again(data: bytes) -> None:
    text = readable.written(data)
    assert readable.read(text) == data
    assert all(char == "\n" or char.isprintable() for char in text)


@given(st.binary(), st.integers())
def test_mutations_repeat(data: bytes, number: int) -> None:
    def once() -> bytes:
        rng = random.Random(number)  # noqa: S311
        return mutations.bytes_of(mutations.lines(data, rng), rng, [b"word"])

    assert once() == once()
