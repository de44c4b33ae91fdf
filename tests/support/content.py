"""A copy of the content, and Pluis after a change in it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from pluis.protocol.read import load_protocol
from pluis.runtime import Runtime
from pluis.settings import ROOT


def copy_of_content(folder: Path) -> Path:
    """The folder `data` with the protocol and the signals, without the notes that the finder learned from."""
    data = folder / "data"
    shutil.copytree(ROOT / "data" / "protocol", data / "protocol")
    shutil.copytree(ROOT / "data" / "signals", data / "signals", ignore=shutil.ignore_patterns("sentences"))
    return data


def changed(runtime: Runtime, data: Path, file: str, old: str, new: str) -> Runtime:
    """Pluis after this change in a file and a restart."""
    path = data / "protocol" / file
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} does not stand in {file}"
    path.write_text(text.replace(old, new, 1), "utf-8")
    again = replace(runtime, protocol=load_protocol(data))
    again.__dict__["finder"] = runtime.finder
    return again
