"""What Dify's conditions ask about a file, as Python over what a file is here: a path, or an object with one."""

from __future__ import annotations

from typing import Final

OF_FILE: Final = """KINDS = {
    "image": ".jpg .jpeg .png .webp .gif .svg",
    "document": ".txt .markdown .md .mdx .pdf .html .htm .xlsx .xls .vtt .properties .doc .docx .csv .eml .msg "
    ".pptx .ppt .xml .epub",
    "audio": ".mp3 .m4a .wav .amr .mpga",
    "video": ".mp4 .mov .mpeg .webm",
}


def of_file(file, key):
    if isinstance(file, dict) and file.get(key) is not None:
        found = file[key]
        return "." + found if key == "extension" and found and not found.startswith(".") else found
    names = ("path", "filename", "name", "url", "remote_url")
    paths = [file] if isinstance(file, str) else [file.get(one) for one in names]
    path = next((one for one in paths if one), "")
    name = path.split("?")[0].rsplit("/", 1)[-1]
    extension = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if key == "type":
        return next((kind for kind, known in KINDS.items() if extension in known.split()), "custom")
    if key == "transfer_method":
        return "remote_url" if path.startswith("http") else "local_file"
    return {"name": name, "extension": extension, "url": path}.get(key)


def dotted(value):
    return "." + value if isinstance(value, str) and value and not value.startswith(".") else value
"""
"""`of_file(file, key)`, and `dotted` for an extension that is written without its dot."""


def with_files(code: str) -> str:
    """Generated code with these helpers, where it uses them."""
    return f"{OF_FILE}\n\n{code}" if "of_file(" in code else code
