"""Expressions of constants are worth what Python says, and nothing large or foreign is worked out."""

from __future__ import annotations

import ast

import pytest

from registry_tool.security.scanning.folding import NotConstantError, fold_constant


def worth(code: str) -> object:
    def of(node: ast.expr) -> object:
        return fold_constant(node, of)

    return of(ast.parse(code, mode="eval").body)


@pytest.mark.parametrize(
    "code",
    [
        "'a' + 'b'",
        "''.join(['a', 'b'])",
        "'abc'[::-1]",
        "'abc'[1]",
        "b'ab'.decode()",
        "bytes.fromhex('6162')",
        "f'a{1}b'",
        "'a-b'.replace('-', '')",
        "chr(97) + chr(7 ^ 3)",
        "list(map(chr, [97, 98]))",
        "'ab'.encode().hex()",
    ],
)
def test_it_is_what_python_says(code: str) -> None:
    assert worth(code) == eval(code)  # noqa: S307 - a list of our own


def test_codecs_and_base64_are_undone() -> None:
    assert worth("codecs.decode('uryyb', 'rot13')") == "hello"
    assert worth("base64.b64decode('aGVsbG8=').decode()") == "hello"
    assert worth("zlib.decompress(bytes.fromhex('789c4b040000620062'))") == b"a"


@pytest.mark.parametrize(
    "code",
    [
        "a", "'a' * 10 ** 9", "open('x')", "'x'.format(1)", "1 / 0", "[].pop", "'a'[9]", "chr(-1)", "2 ** 999999",
        "'a'.join(['" + "x" * 30000 + "'])", "str([1])", "codecs.decode(b'x', 'zip')", "'%s' % 1", "''.join([1])",
        "bytes.fromhex('zz')", "int('x')", "f(x=1)", "lambda: 1",
    ],
)  # fmt: skip
def test_anything_else_is_not_worked_out(code: str) -> None:
    with pytest.raises(NotConstantError):
        worth(code)


def test_a_replacement_that_would_be_huge_is_not_made() -> None:
    with pytest.raises(NotConstantError):
        worth(f"'{'a' * 9000}'.replace('a', '{'b' * 9000}')")
