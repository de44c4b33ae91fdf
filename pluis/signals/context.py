"""Context of a candidate: is it so, when, about whom, who says so. clinlp's ConText algorithm with our own cues.

In hospital notes a family member as the subject lowers a finding. Here the family is whom the note is about, so no
cue here ever does. A denial by an adult under suspicion is no negation, and what a parent says is not there is
"uncertain", not "negated": only a certain negation may drop a finding.
"""

import itertools
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from pluis.content import read_as, wrong
from pluis.signals.candidates import Candidate
from pluis.signals.taxonomy import Lang
from pluis.signals.words import HARD, Spelling, Word, cut

FILE = Path("signals", "context.yml")
Status = Literal["present", "negated", "historical", "hypothetical", "other_person", "uncertain"]
Meaning = Literal[
    "negated",
    "uncertain",
    "historical",
    "hypothetical",
    "other_person",
    "again",
    "seen_by_worker",
    "told_by_child",
    "told_by_parent",
    "told_by_other_professional",
    "told_by_network",
    "document",
    "interpretation",
]
_SOURCES = (
    "seen_by_worker",
    "told_by_child",
    "told_by_parent",
    "told_by_other_professional",
    "told_by_network",
    "document",
    "interpretation",
)
# Meanings of one class compete: the cue nearest to the candidate wins.
_CLASSES: dict[str, tuple[str, ...]] = {
    "Presence": ("negated", "uncertain"),
    "Time": ("historical",),
    "Reality": ("hypothetical",),
    "Person": ("other_person",),
    "Recurrence": ("again",),
    "Source": _SOURCES,
}
_DIRECTIONS = {
    "before": "preceding",
    "after": "following",
    "around": "bidirectional",
    "never": "pseudo",
    "stop": "termination",
}


class Cues(BaseModel):
    """Cues of one meaning. `reach` is in words; without it a cue reaches to the end of the sentence."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    meaning: Meaning
    stands: Literal["before", "after", "around", "never", "stop"]
    reach: int | None = None
    nl: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class ContextRules(BaseModel):
    """`context.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    cues: tuple[Cues, ...]


@dataclass(frozen=True)
class Context:
    """What the words around a candidate say about it."""

    status: Status
    source: str | None


def read_context(data_dir: Path) -> ContextRules:
    """Read `context.yml`; `ContentError` if it is wrong."""
    file = data_dir / FILE
    rules = read_as(ContextRules, file)
    for cues in rules.cues:
        for cue in (*cues.nl, *cues.en):
            if re.search(r"\([^()]*\(", cue) or cue.count("(") != cue.count(")") or re.search(r"[*~<>]|\.\.\.", cue):
                raise wrong(
                    file,
                    f"{cues.meaning} > {cue!r}",
                    "a cue is plain words with (this|that), not one within another.",
                    "Write the words out.",
                )
    return rules


class ContextReader:
    """Reads the context of candidates in one language. Needs spaCy and clinlp, loaded on creation."""

    def __init__(self, rules: ContextRules, lang: Lang, spelling: Spelling) -> None:
        import clinlp  # noqa: F401 - registers the language and its components
        import spacy
        from spacy.tokens import Doc, Span

        # spaCy's vocabulary is one per reader; a lock keeps threads apart and the zone forgets the note's words.
        self._lock = threading.Lock()
        self._span = Span
        self._doc = Doc
        self._nlp = spacy.blank("clinlp" if lang == "nl" else "en")
        self._nlp.tokenizer = lambda text: self._as_doc(cut(text, spelling))
        self._nlp.add_pipe("clinlp_context_algorithm", config={"rules": _as_clinlp(rules, lang)})
        self._context = self._nlp.get_pipe("clinlp_context_algorithm")

    def read(self, words: Sequence[Word], candidates: Sequence[Candidate]) -> list[Context]:
        """The context of each candidate, in the same order."""
        if not candidates:
            return []
        with self._lock, self._nlp.memory_zone():
            doc = self._as_doc(words)
            doc.spans["ents"] = [self._span(doc, c.first, c.last, label=c.term.signal) for c in candidates]
            self._context(doc)
            return [_judge({q.value for q in span._.qualifiers}) for span in doc.spans["ents"]]

    def source(self, words: Sequence[Word]) -> str | None:
        """Who says what these words say: the first source that a cue names for any of them."""
        with self._lock, self._nlp.memory_zone():
            doc = self._as_doc(words)
            doc.spans["ents"] = [self._span(doc, at, at + 1, label="word") for at in range(len(doc))]
            self._context(doc)
            found = {q.value for span in doc.spans["ents"] for q in span._.qualifiers}
        return next((name for name in _SOURCES if name in found), None)

    def _as_doc(self, words: Sequence[Word]) -> Any:
        starts: list[bool | int | None] = [at == 0 or words[at - 1].form == HARD for at in range(len(words))]
        return self._doc(self._nlp.vocab, words=[word.form for word in words], sent_starts=starts or None)


def _judge(found: set[str]) -> Context:
    source = next((name for name in _SOURCES if name in found), None)
    again = "again" in found
    status: Status = "present"
    if "negated" in found:
        status = "uncertain" if source == "told_by_parent" else "negated"
    elif "other_person" in found:
        status = "other_person"
    elif "historical" in found and not again:
        status = "historical"
    elif "hypothetical" in found:
        status = "hypothetical"
    elif "uncertain" in found:
        status = "uncertain"
    return Context(status, source)


def _as_clinlp(rules: ContextRules, lang: Lang) -> dict[str, Any]:
    """Our cues in the form that clinlp reads."""
    owner = {value: name for name, values in _CLASSES.items() for value in values}
    return {
        "qualifiers": [
            {
                "name": name,
                "values": ["none", *values],
                "default": "none",
                "priorities": {value: rank for rank, value in enumerate(("none", *reversed(values)))},
            }
            for name, values in _CLASSES.items()
        ],
        "rules": [
            {
                "qualifier": f"{owner[cues.meaning]}.{cues.meaning}",
                "direction": _DIRECTIONS[cues.stands],
                "max_scope": cues.reach,
                "patterns": sorted(
                    {phrase for cue in (cues.nl if lang == "nl" else cues.en) for phrase in _spell_out(cue)}
                ),
            }
            for cues in rules.cues
        ],
    }


def _spell_out(cue: str) -> Iterator[str]:
    """All phrases that a cue with alternatives stands for: `(a|b)` is one of both, `(a)?` may be left out."""
    parts = re.split(r"(\([^()]*\)\??)", cue)
    choices = [
        [*part.strip("()?").split("|"), *([""] if part.endswith("?") else [])] if part.startswith("(") else [part]
        for part in parts
    ]
    for combination in itertools.product(*choices):
        yield " ".join("".join(combination).split())
