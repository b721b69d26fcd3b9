"""The OLE container that old and protected workbooks come in. Runs in the child process."""

from __future__ import annotations

import io

from importer.reading.raw import RefusalError

_OTHER = ("worddocument", "powerpoint document", "__properties_version1.0")


def open_container(content: bytes) -> bytes:
    """The stream of an xls workbook. Raises `RefusalError` for what is protected, damaged, or something else."""
    from olefile import OleFileIO  # noqa: PLC0415 - few files need it

    try:
        with OleFileIO(io.BytesIO(content)) as container:
            names = {path[0].lower(): path[0] for path in container.listdir()}
            _refuse_others(names)
            with container.openstream(names.get("workbook") or names["book"]) as stream:
                return bytes(stream.read())
    except (RefusalError, MemoryError):
        raise
    except Exception as error:  # whatever it stumbles over in a damaged one
        raise RefusalError("damaged") from error


def _refuse_others(names: dict[str, str]) -> None:
    if "encryptedpackage" in names:
        raise RefusalError("password")
    if any(name in names for name in _OTHER):
        raise RefusalError("other-office")
