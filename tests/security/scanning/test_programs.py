"""Programs and bytecode are told by their bytes, and texts that only begin like one aren't."""

from __future__ import annotations

import marshal
import pickle
from importlib.util import MAGIC_NUMBER

import pytest

from registry_tool.security.scanning.programs import has_program_name, program_kind
from tests.security.scanning.recipes import STEPS


@pytest.mark.parametrize(
    "recipe",
    ["elf", "windows-program", "wasm", "java-class", "mach-o", "lua-bytecode", "pyc", "pickle"],
)
def test_each_kind_is_known(recipe: str) -> None:
    assert program_kind(STEPS[recipe](b"words"))


def test_this_python_s_own_bytecode_and_pickles_are_known() -> None:
    code = compile("1", "x", "exec")
    assert program_kind(MAGIC_NUMBER + bytes(12) + marshal.dumps(code)) == "bytecode of Python"
    assert all(program_kind(pickle.dumps({"a": 1}, protocol)) for protocol in range(2, 6))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ is how programs of Windows begin.",
        b"ELF",
        b"a\r\nb\r\nc",
        b"%PDF-1.4",
        b"\x80",
        b"\x80\x04 no end",
    ],
)
def test_what_only_begins_like_one_is_none(content: bytes) -> None:
    assert program_kind(content) == ""


def test_a_name_says_it_whatever_the_bytes_are() -> None:
    assert has_program_name("resources/Helper.PYC")
    assert not has_program_name("docs/exe.md")
