"""Files as values: JSON as it is, tables as lists of objects, documents as their text (extra `files`).

Hostile files are bounded: their size, what they unpack to, and their pages, rows and characters.
"""

from __future__ import annotations

import csv
import io
import logging
import warnings
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from registry_tool.core.errors import MissingToolError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.edges.text.readability import readable

LARGEST = 32 * 2**20
_LARGEST_UNPACKED = 256 * 2**20
_MOST_PAGES = 2_000
_MOST_ROWS = 1_000_000
SOUNDS = frozenset(
    {".mp3", ".wav", ".m4a", ".ogg", ".flac", ".mp4", ".mov", ".avi", ".webm", ".mpeg", ".mpga"}
)
"""Endings of files with speech, which `load` has written down by a service."""

_IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tiff"})
_OLD = {".doc": ".docx", ".xls": ".xlsx", ".ppt": ".pdf"}


def read_document(file: Path, shown: str) -> Value:
    """The file's value; `EdgeError` names it where it has none."""
    if file.stat().st_size > LARGEST:
        raise EdgeError(f"the file is larger than {LARGEST} bytes", location=shown)
    ending = file.suffix.lower()
    if ending in _IMAGES:
        raise EdgeError(
            "the text in a picture is not read",
            location=shown,
            hint="give its text as a .txt or .md file",
        )
    if ending in _OLD:
        raise EdgeError(
            f"{ending} files of the old binary form can't be read",
            location=shown,
            hint=f"save it as {_OLD[ending]}",
        )
    return _READERS.get(ending, _text)(file, shown)


def _text(file: Path, shown: str) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise EdgeError("the file is not UTF-8 text", location=shown) from None


def _json(file: Path, shown: str) -> Value:
    return parse_json(file.read_bytes(), location=shown)


def _csv(file: Path, shown: str) -> Value:
    try:
        rows = list(csv.DictReader(io.StringIO(_text(file, shown))))
    except csv.Error as error:
        raise EdgeError(f"the table can't be read: {error}", location=shown) from None
    return [cast(Object, {str(key): value for key, value in row.items()}) for row in rows]


def _html(file: Path, shown: str) -> str:
    return readable(_text(file, shown))


def _pdf(file: Path, shown: str) -> str:
    _needs("pypdf", "PDF", shown)
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of what it mends by itself
    try:
        pages = PdfReader(file).pages
        if len(pages) > _MOST_PAGES:
            raise EdgeError(f"the file has more than {_MOST_PAGES} pages", location=shown)
        return "\n".join(page.extract_text() for page in pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EdgeError(f"the PDF file can't be read: {error}", location=shown) from None


def _docx(file: Path, shown: str) -> str:
    """Paragraphs and tables in their order; the cells of a row with tabs between them."""
    _needs("docx", "Word", shown)
    _check_zip(file, shown)
    from docx import Document
    from docx.table import Table

    lines: list[str] = []
    try:
        for part in Document(str(file)).iter_inner_content():
            if isinstance(part, Table):
                lines += ["\t".join(cell.text for cell in row.cells) for row in part.rows]
            else:
                lines.append(part.text)
    except (ValueError, KeyError, AttributeError, SyntaxError) as error:
        raise EdgeError(f"the Word file can't be read: {error}", location=shown) from None
    return "\n".join(lines)


def _xlsx(file: Path, shown: str) -> Value:
    """The rows of the only sheet as objects by the first row's names; of several, by their names."""
    _needs("openpyxl", "Excel", shown)
    _check_zip(file, shown)
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that it leaves out
            book = load_workbook(file, read_only=True, data_only=True)
        with_rows = {
            sheet.title: list[Value](_rows(sheet.iter_rows(values_only=True), shown))
            for sheet in book
        }
        book.close()
    except (InvalidFileException, ValueError, KeyError, TypeError, SyntaxError, OSError) as error:
        raise EdgeError(f"the Excel file can't be read: {error}", location=shown) from None
    return next(iter(with_rows.values())) if len(with_rows) == 1 else cast(Value, with_rows)


def _rows(rows: Iterator[tuple[object, ...]], shown: str) -> Iterator[Object]:
    names = [
        str(name) if name is not None else f"column {n}" for n, name in enumerate(next(rows, ()), 1)
    ]
    for number, row in enumerate(rows):
        if number >= _MOST_ROWS:
            raise EdgeError(f"the table has more than {_MOST_ROWS} rows", location=shown)
        if any(cell is not None for cell in row):
            yield {name: _cell(cell) for name, cell in zip(names, row, strict=False)}


def _cell(value: object) -> Value:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _check_zip(file: Path, shown: str) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise EdgeError("the file is damaged, or none of its kind", location=shown) from None
    if any(entry.flag_bits & 0x1 for entry in entries):  # APPNOTE.TXT 4.4.4
        raise EdgeError("the file is encrypted; save it without a password", location=shown)
    if sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
        raise EdgeError(f"the file unpacks to more than {_LARGEST_UNPACKED} bytes", location=shown)


def _needs(module: str, kind: str, shown: str) -> None:
    if find_spec(module) is None:
        raise MissingToolError(
            f"reading {kind} files needs {module}",
            location=shown,
            hint="pip install 'puppyai-workflow-registry[files]'",
        )


_READERS: dict[str, Callable[[Path, str], Value]] = {
    ".json": _json,
    ".csv": _csv,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _docx,
    ".xlsx": _xlsx,
}
