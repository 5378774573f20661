from __future__ import annotations

import os
import subprocess
import sys

from registry_tool.deploy.process_id import is_dead, this_machine, this_process

TELL = "from registry_tool.deploy.process_id import this_process; print(this_process('x'), flush=True); input()"


def test_this_process_lives() -> None:
    assert not is_dead(this_process("a"))
    assert this_process("a") != this_process("b")


def test_a_killed_process_is_dead_even_before_it_is_reaped() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", TELL], stdin=pipe, stdout=pipe, text=True
    ) as child:
        assert child.stdout is not None
        holder = child.stdout.readline().strip()
        assert not is_dead(holder)
        child.kill()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert is_dead(holder)
    assert is_dead(holder)


def test_a_process_id_that_was_given_away_again_is_another_process() -> None:
    machine, pid, started, nonce = this_process("a").split("/")
    assert is_dead(f"{machine}/{pid}/{int(started) - 1}/{nonce}")


def test_of_other_machines_nothing_is_known() -> None:
    _, pid, started, nonce = this_process("a").split("/")
    assert not is_dead(f"{'0' * 16}/{pid}/{started}/{nonce}")


def test_what_is_no_holder_is_not_called_dead() -> None:
    for text in ("", "/", "a/b/c/d", f"{this_machine()}/-1/0/x", f"{this_machine()}/x/0/x"):
        assert not is_dead(text)
    assert is_dead(f"{this_machine()}/{10**30}/0/x")
