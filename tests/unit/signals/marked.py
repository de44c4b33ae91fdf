"""Notes written with their marks, for tests."""

import json
import tempfile
from pathlib import Path

from pluis.settings import ROOT
from pluis.signals.notes import Note, read_part
from pluis.signals.taxonomy import read_taxonomy

TAXONOMY = read_taxonomy(ROOT / "data")


def notes(*marked: str, lang: str = "nl") -> list[Note]:
    """The notes that these marked texts stand for."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "t.yml"), *marked, lang=lang)
        return read_part(Path(folder), TAXONOMY)


def note(marked: str, lang: str = "nl") -> Note:
    """One note."""
    return notes(marked, lang=lang)[0]


def write(file: Path, *marked: str, lang: str = "nl") -> Path:
    """A file of notes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"writer": "test", "lang": lang, "notes": marked}), "utf-8")  # JSON is YAML
    return file
