"""Files of each kind, made by the libraries that people make them with, and files that are none."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from pypdf import PdfWriter

from registry_tool.core.errors import RegistryError
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.edges.text import documents
from registry_tool.engine.edges.text.documents import _check_zip, read_document
from registry_tool.engine.providers.outbound import OutboundServices
from tests.engine.edges.called import call
from tests.engine.loopback import Answer, loopback


def read(file: Path) -> Any:
    return read_document(file, f"resources/{file.name}")


def test_a_word_file_is_its_paragraphs_and_tables(tmp_path: Path) -> None:
    made = docx.Document()
    made.add_heading("Report", 1)
    made.add_paragraph("All is well.")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "a", "b"
    made.add_paragraph("End.")
    made.save(str(tmp_path / "a.docx"))
    assert read(tmp_path / "a.docx") == "Report\nAll is well.\na\tb\nEnd."


def test_a_sheet_is_a_list_of_objects(tmp_path: Path) -> None:
    import datetime

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["name", None, "born"],
        ["Ada", 1.5, datetime.date(1815, 12, 10)],
        [None, None, None],
    ):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    rows = read(tmp_path / "a.xlsx")
    assert rows == [{"name": "Ada", "column 2": 1.5, "born": "1815-12-10T00:00:00"}]
    book.create_sheet("Second").append(["x"])
    book.save(tmp_path / "b.xlsx")
    assert read(tmp_path / "b.xlsx") == {"Sheet": rows, "Second": []}


def test_html_is_its_text_and_an_empty_pdf_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<nav>Menu</nav><p>Hello <b>you</b></p><script>x</script>")
    assert read(tmp_path / "a.html") == "Hello you"
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "a.pdf")
    assert read(tmp_path / "a.pdf") == ""


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.docx", b"no zip", "damaged, or none of its kind"),
        ("a.xlsx", b"PK\x03\x04", "damaged, or none of its kind"),
        ("a.pdf", b"%PDF-1.4 nonsense", "PDF file can't be read"),
        ("a.doc", b"x", "save it as .docx"),
        ("a.png", b"x", "the text in a picture is not read"),
        ("a.txt", b"\xff\xfe\x00", "not UTF-8 text"),
        ("a.json", b"{", "a.json"),
    ],
)
def test_what_cannot_be_read_is_reported(
    tmp_path: Path, name: str, data: bytes, expected: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(RegistryError) as caught:
        read(tmp_path / name)
    assert expected in str(caught.value)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_a_zip_of_another_kind_is_reported(tmp_path: Path, name: str) -> None:
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("x.txt", "x")
    with pytest.raises(EdgeError, match="can't be read"):
        read(tmp_path / name)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_what_unpacks_to_too_much_is_not_unpacked(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_LARGEST_UNPACKED", 1000)
    with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.xml", "0" * 100_000)
    with pytest.raises(EdgeError, match="unpacks to more than 1000 bytes"):
        read(tmp_path / name)


class Listener:
    """A recogniser that says how many bytes it heard."""

    name = "ear"

    async def transcribe(self, file: Path) -> str:
        return f"{file.stat().st_size} bytes"


def test_a_sound_is_its_words_where_somebody_listens(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"abc")
    config: Any = {"path": "a.mp3"}
    heard = Services(resources=tmp_path, transcriber=Listener())
    assert call("load", config, heard, a="") == "3 bytes"
    with pytest.raises(EdgeError, match="needs speech recognition") as caught:
        call("load", config, Services(resources=tmp_path), a="")
    assert "transcription_model" in caught.value.hint


PAGE = "<main><p>Cats <b>purr</b>.</p></main>"


def load(content: Any, **config: Any) -> Any:
    def reply(_: object) -> Answer:
        return Answer(PAGE, headers={"content-type": "text/html"})

    with loopback(reply, frozenset({"evil.example"})) as fetcher:
        services = Services(outbound=OutboundServices(fetcher))
        return call("load", {"block_type": "weblink", **config}, services, a=content)


def test_a_web_link_is_its_pages_text() -> None:
    assert load("http://cats.example/") == "Cats purr."
    assert load(["http://a.example/", "http://b.example/"], mode="scrapes") == ["Cats purr."] * 2


@pytest.mark.parametrize(
    ("content", "config", "expected"),
    [
        ("http://evil.example/", {}, "not declared"),
        ("http://cats.example/", {"mode": "crawl"}, "config.mode: must be one of scrape, scrapes"),
        ("x", {"block_type": "database"}, "connects to no database"),
    ],
)
def test_what_is_not_loaded_is_reported(
    content: str, config: dict[str, Any], expected: str
) -> None:
    with pytest.raises(RegistryError, match=expected):
        load(content, **config)


def test_an_encrypted_part_is_said(tmp_path: Path) -> None:
    file = tmp_path / "x.docx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    data = bytearray(file.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the central header's flags
    file.write_bytes(data)
    with pytest.raises(EdgeError, match="encrypted"):
        _check_zip(file, "x.docx")
