"""Programs and bytecode by their first bytes: what runs, and says nothing to whoever reads it."""

from __future__ import annotations

from typing import Final

_MAGIC: Final = (
    (b"\x7fELF", "a program for Linux"),
    (b"\xfe\xed\xfa\xce", "a program for macOS"),
    (b"\xfe\xed\xfa\xcf", "a program for macOS"),
    (b"\xce\xfa\xed\xfe", "a program for macOS"),
    (b"\xcf\xfa\xed\xfe", "a program for macOS"),
    (b"\xca\xfe\xba\xbe", "bytecode of Java, or a program for macOS"),
    (b"\0asm", "WebAssembly"),
    (b"dex\n03", "bytecode of Android"),
    (b"\x1bLua", "bytecode of Lua"),
    (b"BC\xc0\xde", "bitcode of LLVM"),
    (b"L\0\0\0\x01\x14\x02\0", "a shortcut of Windows"),
    (b"!<arch>\n", "a library of objects"),
)
_NAMES: Final = (
    *(".pyc", ".pyo", ".pyd", ".so", ".dll", ".exe", ".com", ".scr", ".msi", ".dylib", ".class"),
    *(".jar", ".wasm", ".pkl", ".pickle", ".lnk"),
)
_PYTHON: Final = range(0x0B, 0x10)
"""High byte of the magic numbers of Python 3, which `\\r\\n` follows: Lib/importlib/_bootstrap_external.py."""
_PE_AT: Final = 0x3C
_PICKLE: Final = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
ENOUGH: Final = 1024
"""Bytes from a beginning that tell what a program is, but for the end of a pickle."""


def program_kind(content: bytes) -> str:
    """What kind of program or bytecode begins here; empty for everything else."""
    if kind := next((name for magic, name in _MAGIC if content.startswith(magic)), ""):
        return kind
    if content[2:4] == b"\r\n" and content[1] in _PYTHON:
        return "bytecode of Python"
    if content.startswith(b"MZ") and _is_portable_executable(content):
        return "a program for Windows"
    if content.startswith(_PICKLE) and content.endswith(b"."):
        return "a pickle, which runs code when it is loaded"
    return ""


def has_program_name(path: str) -> bool:
    """Whether a file's name says that it is a program, whatever its bytes say."""
    return path.lower().endswith(_NAMES)


def _is_portable_executable(content: bytes) -> bool:
    at = int.from_bytes(content[_PE_AT : _PE_AT + 4], "little")
    return content[at : at + 2] in {b"PE", b"NE", b"LE"}
