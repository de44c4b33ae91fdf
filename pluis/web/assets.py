"""The files of the pages, at an address that changes when one of them does: a browser asks for each of them once."""

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
FOREVER = "public, max-age=31536000, immutable"


@cache
def address() -> str:
    """Where the files of this version are: `/static/<version>`."""
    total = hashlib.sha256()
    for path in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        total.update(str(path.relative_to(FOLDER)).encode() + b"\0" + path.read_bytes())
    return f"/static/{total.hexdigest()[:12]}"
