"""The terms per signal: `data/signals/terms/*.yml` and the shared words in `words.yml`, read and checked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from pluis.content import read_as, wrong
from pluis.signals.patterns import Pattern, PatternError, compile_pattern
from pluis.signals.taxonomy import Lang, Taxonomy
from pluis.signals.words import Spelling, plain

FOLDER = Path("signals", "terms")
SHARED = "words.yml"
DEFAULT_SCORE = 0.9


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class TermGroup(_Entry):
    """Terms that share a facet or a score."""

    facet: str | None = None
    score: float = Field(DEFAULT_SCORE, gt=0, le=1)
    terms: tuple[str, ...]


class SignalTerms(_Entry):
    """How one signal is told: terms per language, and ordinary talk that must not count (`ignore_*`)."""

    signal: str
    nl: tuple[str | TermGroup, ...] = ()
    en: tuple[str | TermGroup, ...] = ()
    ignore_nl: tuple[str, ...] = ()
    ignore_en: tuple[str, ...] = ()


class Family(_Entry):
    """One file of terms."""

    signals: tuple[SignalTerms, ...]


class LanguageWords(_Entry):
    """Shared words of one language: `same` spellings, `typos` that are forgiven, word `groups` for terms."""

    same: dict[str, tuple[str, ...]] = {}
    typos: tuple[str, ...] = ()
    groups: dict[str, tuple[str, ...]] = {}


class SharedWords(_Entry):
    """`words.yml`."""

    nl: LanguageWords
    en: LanguageWords

    def of(self, lang: Lang) -> LanguageWords:
        """The words of `lang`."""
        return self.nl if lang == "nl" else self.en


@dataclass(frozen=True)
class Term:
    """One compiled term. With `ignore`, what it covers does not count for its signal."""

    signal: str
    pattern: Pattern
    score: float = DEFAULT_SCORE
    facet: str | None = None
    ignore: bool = False


@dataclass(frozen=True)
class Lexicon:
    """All that is needed to look for terms in one language."""

    spelling: Spelling
    terms: tuple[Term, ...]


def read_words(data_dir: Path) -> SharedWords:
    """Read `words.yml`; `ContentError` if it is wrong."""
    file = data_dir / FOLDER / SHARED
    return read_as(SharedWords, file)


def read_lexicon(data_dir: Path, lang: Lang, taxonomy: Taxonomy, words: SharedWords) -> Lexicon:
    """Read and compile the terms of one language.

    Raises
    ------
    ContentError
        If a file is wrong, a signal is unknown or a term cannot be compiled; the message names the term.
    """
    own = words.of(lang)
    spelling = Spelling.of(own.same, own.typos)
    groups = {name: "|".join(forms) for name, forms in own.groups.items()}
    terms: list[Term] = []
    for file in sorted((data_dir / FOLDER).glob("*.yml")):
        if file.name == SHARED:
            continue
        for entry in read_as(Family, file).signals:
            if entry.signal not in taxonomy:
                raise wrong(file, entry.signal, "this signal is not in taxonomy.yml.", "Correct the id.")
            for source, score, facet, ignore in _flat(entry, lang):
                try:
                    pattern = compile_pattern(source, groups, lambda word: _folded(word, spelling))
                except PatternError as error:
                    raise wrong(
                        file,
                        f"{entry.signal} > {source!r}",
                        str(error),
                        "See the head of pluis/signals/patterns.py for how to write a term.",
                    ) from error
                terms.append(Term(entry.signal, pattern, score, facet, ignore))
    return Lexicon(spelling, tuple(terms))


def _flat(entry: SignalTerms, lang: Lang) -> Iterator[tuple[str, float, str | None, bool]]:
    for item in entry.nl if lang == "nl" else entry.en:
        group = TermGroup(score=DEFAULT_SCORE, terms=(item,)) if isinstance(item, str) else item
        for source in group.terms:
            yield source, group.score, group.facet, False
    for source in entry.ignore_nl if lang == "nl" else entry.ignore_en:
        yield source, 1.0, None, True


def _folded(word: str, spelling: Spelling) -> tuple[str, ...]:
    form = plain(word)
    return spelling.fold.get(form, (form,)) if form else ()
