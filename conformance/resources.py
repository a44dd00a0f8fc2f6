"""Where the data that the package publishes lies on this machine."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def openapi(name: str) -> Path:
    """Return the path of a file or folder in ``openapi/``; whether it is there is not checked.

    The folder lies beside the package in a checkout and inside of it in a wheel, where nothing
    may lie beside it.
    """
    inside = PACKAGE / "openapi"
    folder = inside if inside.is_dir() else PACKAGE.parent / "openapi"
    return folder / name
