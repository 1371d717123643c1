"""What can go wrong with a local PostgreSQL, said so that the reader knows what to do next.

Translates the server's own messages; it neither repairs nor retries anything.
"""

from __future__ import annotations

from pathlib import Path

_ADVICE = (
    (
        ("could not look up effective user ID",),
        "PostgreSQL runs only as a user with a name. Run jizhi as such a user, or add this one to the system's users.",
    ),
    (
        ("No space left on device", "Disk quota exceeded"),
        "The disk is full. Free about 300 MB, or set JIZHI_DATA to a directory on another disk.",
    ),
    (
        ("Permission denied", "Operation not permitted"),
        "The data directory cannot be written. Give your user the right to write there, or choose another JIZHI_DATA.",
    ),
    (
        ("Read-only file system",),
        "The data directory lies on a read-only disk. Set JIZHI_DATA to a directory that can be written.",
    ),
    (
        ("could not resize shared memory segment", "could not create shared memory"),
        "Too little shared memory. In a container, start it with more, for example --shm-size=256m.",
    ),
    (
        ("incompatible with server", "was initialized by PostgreSQL version"),
        "The data directory was made by another version of PostgreSQL. Use that version, or choose a new JIZHI_DATA.",
    ),
    (
        (
            "cannot be run as root",
            "must not be run as root",
            "execution of the PostgreSQL server is not permitted",
        ),
        "PostgreSQL refuses to run as the administrator. Start jizhi as an ordinary user.",
    ),
)


class DatabaseUnavailable(Exception):
    """The database could not be started; the message says what to do."""


def explain(
    what: str, output: str, log: Path | None = None, speaker: str = "PostgreSQL"
) -> DatabaseUnavailable:
    """The error for a failed `what`, given the server's own output: advice first, then the last lines."""
    advice = [text for signs, text in _ADVICE if any(sign in output for sign in signs)]
    tail = "\n".join("    " + line for line in output.strip().splitlines()[-6:])
    lines = [what, *advice[:1]]
    if tail:
        lines.append(f"{speaker} said:\n{tail}")
    if log is not None:
        lines.append(f"The whole log: {log}")
    return DatabaseUnavailable("\n".join(lines))


def explain_os_error(error: OSError, path: Path) -> DatabaseUnavailable:
    """The error for a directory or file that could not be made."""
    return explain(
        f"Cannot use the data directory {path}.",
        f"{error.strerror}: {error.filename or path}",
        speaker="The system",
    )
