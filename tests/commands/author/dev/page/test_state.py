from __future__ import annotations

import threading

from registry_tool.commands.author.dev.page.state import DevPageState, ShownRun, as_text


def test_who_waits_is_woken_by_news() -> None:
    state, output = DevPageState(), list[int]()
    waiting = threading.Thread(target=lambda: output.append(state.after(0, 30)))
    waiting.start()
    state.put(run=ShownRun("a", "b"))
    waiting.join(30)
    assert output == [1]
    assert state.after(0, 30) == 1
    assert state.after(1, 0) == 1


def test_a_look_keeps_the_run_that_is_shown() -> None:
    state = DevPageState()
    state.put(run=ShownRun("a", "b"))
    state.put()
    assert state.now().run == ShownRun("a", "b")


def test_long_values_are_cut_and_say_so() -> None:
    assert as_text({"a": [1]}) == '{\n  "a": [\n    1\n  ]\n}'
    assert as_text("x" * 5_000).endswith("… (5,000 characters)")
