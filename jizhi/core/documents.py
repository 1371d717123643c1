"""Documents as the house keeps them: PDF and Office files as they are, known by their content, never rendered here.

What a file is called counts for nothing but its name when it is downloaded again.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO

from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from jizhi.core.errors import DomainError

DOCUMENT_BYTES_MAX = 10 * 1024 * 1024
ENTRIES_MAX = 5000
TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_STREAMS = {"doc": "WordDocument", "xls": "Workbook"}


class BadDocument(DomainError):
    """The upload is no document of a known kind, too large, or carries macros; the record it belongs to is kept."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document with the digest it is stored under and the name it is downloaded by."""

    content: bytes
    digest: str
    name: str
    suffix: str

    @property
    def file(self) -> ContentFile[bytes]:
        """As a file field saves it."""
        return ContentFile(self.content)


def media_type(suffix: str) -> str:
    """What a browser is told about a stored document."""
    return TYPES.get(suffix, "application/octet-stream")


def read_document(file: IO[bytes], name: str = "") -> Document:
    """The document as it is, after a look at its content. Raises BadDocument."""
    content = file.read(DOCUMENT_BYTES_MAX + 1)
    if len(content) > DOCUMENT_BYTES_MAX:
        raise BadDocument(_("文件太大：每份不能超过10兆。"), place="documents")
    suffix = _suffix(content)
    if not suffix:
        raise BadDocument(
            _("只收PDF、Word和Excel文件，不能带宏。照片请用“照片”一栏上传。"), place="documents"
        )
    return Document(content, hashlib.sha256(content).hexdigest(), f"{_stem(name)}.{suffix}", suffix)


def _suffix(content: bytes) -> str:
    if content[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(_OLD_OFFICE):
        names = _OLD_STREAMS.items()
        macros = "_VBA_PROJECT".encode("utf-16-le") in content
        return "" if macros else next((key for key, word in names if word.encode("utf-16-le") in content), "")
    return _suffix_of_package(content) if content.startswith(b"PK") else ""


def _suffix_of_package(content: bytes) -> str:
    """A new Office file is a ZIP; its list of entries is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist()[:ENTRIES_MAX])
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return ""
    found = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
    return next((suffix for name, suffix in found.items() if name in names), "")


def _stem(name: str) -> str:
    """A name without path, control characters and whatever a header or a file system may take amiss."""
    stem = re.sub(
        r'[\x00-\x1f\x7f-\x9f"\'\\/:*?<>|;%\u202a-\u202e\u2066-\u2069]',
        "",
        PurePath(name.replace("\\", "/")).stem,
    )
    return stem.strip(". ")[:80] or "document"
