"""The one error of reading a file as a whole.

Problems of single rows are not errors: they are returned as refusals.
"""

from __future__ import annotations


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""

    def __init__(self, message: str, message_en: str) -> None:
        super().__init__(message)
        self.message = message
        self.message_en = message_en


def damaged() -> UnreadableFile:
    return UnreadableFile(
        "文件不完整或已损坏，请在 Excel 或 WPS 里重新保存后再传。",
        "The file is incomplete or damaged. Save it again in Excel or WPS and upload that.",
    )


def encrypted() -> UnreadableFile:
    return UnreadableFile(
        "文件设了打开密码，请取消密码后再传。",
        "The file is protected by a password. Remove the password and upload it again.",
    )


def too_large() -> UnreadableFile:
    return UnreadableFile(
        "文件展开后太大，请只保留需要导入的行和列。",
        "The file is too large when unpacked. Keep only the rows and columns to be imported.",
    )
