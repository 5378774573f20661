"""Authors' code is read and never run, whatever it is."""

from __future__ import annotations

import contextlib
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.manifest.python_code import CodeProblem, Parameter, called_function, parse_code


@pytest.mark.parametrize(
    "code",
    [
        "def f(:\n",
        "x = '\0'",
        "(" * 5000,
        "-" * 20000 + "1",
        "not " * 20000 + "1",
        "x" + "[0" * 300,
        "\n" * 200_000,
        "return 1",
        "class A:\n    yield 1",
        "x = " + "9" * 5000,
        "if 1:\n" + "".join(" " * n + "if 1:\n" for n in range(1, 150)),
        "f'{x!z}'",
    ],
)
def test_bad_code_is_a_problem_and_nothing_worse(code: str) -> None:
    with pytest.raises(CodeProblem) as error:
        parse_code(code)
    assert error.value.reason
    assert error.value.line >= 1


@given(st.text(alphabet="abc ()[]{}:=\n\t'\"\\#@-*,.0", max_size=200))
def test_any_text_is_code_or_a_problem(code: str) -> None:
    with contextlib.suppress(CodeProblem):
        called_function(parse_code(code))


def test_what_python_warns_of_is_no_problem() -> None:
    parse_code("def main():\n    return '\\d' is 1")


def test_the_function_is_chosen_as_the_sandbox_chooses() -> None:
    first = called_function(parse_code("def a(x): return x\ndef b(y): return y"))
    assert first is not None
    assert first.name == "a"
    chosen = called_function(
        parse_code("def a(x): return x\nif 1:\n    def main(y, *, z=1): return y")
    )
    assert chosen is not None
    assert chosen.parameters == (Parameter("y", 3, 14), Parameter("z", 3, 20, optional=True))
    assert called_function(parse_code("class A:\n    def main(self): pass")) is None


@pytest.mark.parametrize(
    "code",
    [
        "main = lambda x: x",
        "from tools import *",
        "from tools import go as main",
        "import functools\n@functools.cache\ndef main(x): return x",
        "exec('def main(): pass')",
    ],
)
def test_what_only_a_run_can_tell_is_left_to_it(code: str) -> None:
    found = called_function(parse_code(code))
    assert found is not None
    assert found.parameters is None


NEWER = ["type Name = str\ndef main(): return 1", "def main[T](x: T): return x", "x = f'{'a'}'"]


@pytest.mark.parametrize("code", NEWER)
def test_what_3_12_brought_is_at_most_doubted(code: str) -> None:
    if sys.version_info >= (3, 12):
        parse_code(code)
    else:
        with pytest.raises(CodeProblem) as error:
            parse_code(code)
        assert error.value.doubtful
