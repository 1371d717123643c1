"""Verbs of importing tables: taking a file in, running it chunk by chunk, stopping, resuming, discarding."""

from jizhi.imports.services.each import each
from jizhi.imports.services.handouts import HandoutExpired, NothingToHandOut, renew_handout, take_handout
from jizhi.imports.services.running import ImportBusy, run_import
from jizhi.imports.services.uploads import (
    AlreadyMoved,
    EmptyFile,
    FileTooLarge,
    WrongArea,
    confirm_import,
    discard_import,
    resume_import,
    stop_import,
    upload_table,
)

__all__ = [
    "AlreadyMoved",
    "EmptyFile",
    "FileTooLarge",
    "HandoutExpired",
    "ImportBusy",
    "NothingToHandOut",
    "WrongArea",
    "confirm_import",
    "discard_import",
    "each",
    "renew_handout",
    "resume_import",
    "run_import",
    "stop_import",
    "take_handout",
    "upload_table",
]
