"""From a note to findings: candidates by terms and by meaning, their context, the best finding per signal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pluis.counting import Histogram
from pluis.signals.candidates import Candidate, CandidateFinder
from pluis.signals.context import Context, ContextReader, Status, read_context
from pluis.signals.patterns import Pattern
from pluis.signals.taxonomy import Lang, Severity, Taxonomy, read_taxonomy
from pluis.signals.terms import Term, read_lexicon, read_words
from pluis.signals.words import HARD, SOFT, Spelling, Word, cut

if TYPE_CHECKING:
    from pluis.signals.learned import Hit, Learned, Reading

MAX_LENGTH = 20_000
READING = Histogram("pluis_detector_seconds", "Time to read one text for signals, by language.", "language")
# Words that often carry the signal but as often do not: the finding is "uncertain", so that the counselor is asked.
ASK_BELOW = 0.5
_RANK: dict[Status, int] = {
    "present": 0,
    "uncertain": 1,
    "hypothetical": 2,
    "historical": 3,
    "other_person": 4,
    "negated": 5,
}
# How far below its threshold (a logit) meaning must see a signal to make a question of what a term found, or to leave
# it out, and in how long a note: what somebody types in few words is meant as it stands.
_DOUBTFUL, _AGAINST = -1.0, -2.0
_LONG_NOTE = 20
# Fewer words hold too little to read by meaning, which is most of the work; terms read them.
_FEW_WORDS = 4
_BY_MEANING = Pattern("", "(?!)", (), wide=False)


@dataclass(frozen=True)
class Finding:
    """A signal or protective factor that a note tells, with the words that led to it.

    `text` is `note[start:end]`, exactly as typed. `score` (0..1) says how clearly the words carry the signal, not
    how likely harm is. `facets` names sides of the signal that rules ask about, such as "control".
    """

    signal: str
    kind: Literal["signal", "protective"]
    severity: Severity | Literal["protective"]
    start: int
    end: int
    text: str
    status: Status
    score: float
    source: str | None = None
    facets: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Language:
    spelling: Spelling
    candidates: CandidateFinder
    context: ContextReader


class Finder:
    """Finds signals in Dutch and English notes. Load once, use for many notes; safe to share between threads."""

    def __init__(
        self, taxonomy: Taxonomy, languages: dict[Lang, _Language], learned: "Learned | None" = None, terms: bool = True
    ) -> None:
        self.taxonomy = taxonomy
        self._languages = languages
        self._learned = learned
        self._terms = terms

    @classmethod
    def load(cls, data_dir: Path, terms: bool = True, meaning: bool = True) -> "Finder":
        """Read taxonomy, terms, context cues and what was learned under `data_dir`.

        `terms` and `meaning` leave one way of finding out, to measure the other alone.

        Raises
        ------
        ContentError
            If a content file is wrong.
        """
        taxonomy, words, rules = read_taxonomy(data_dir), read_words(data_dir), read_context(data_dir)
        languages: dict[Lang, _Language] = {}
        for lang in ("nl", "en"):
            lexicon = read_lexicon(data_dir, lang, taxonomy, words)
            languages[lang] = _Language(
                lexicon.spelling, CandidateFinder(lexicon), ContextReader(rules, lang, lexicon.spelling)
            )
        learned = None
        if meaning:
            from pluis.signals.learned import Learned

            learned = Learned.load(data_dir)
        return cls(taxonomy, languages, learned, terms)

    def find(self, text: str, lang: Lang) -> list[Finding]:
        """The findings of one note: one per signal, in the order of the note.

        Only the first 20,000 characters are read.
        """
        with READING.timed(lang):
            return self._find(text[:MAX_LENGTH], lang)

    def _find(self, text: str, lang: Lang) -> list[Finding]:
        language = self._languages[lang]
        words = cut(text, language.spelling)
        reading = self._learned.read(text) if self._learned and _enough(words) else None
        by_terms = language.candidates.find(words) if self._terms else []
        hits = reading.hits if reading else []
        by_meaning = [candidate for hit in hits if (candidate := _candidate(words, hit))]
        contexts = language.context.read(words, [*by_terms, *by_meaning])
        judged = []
        for candidate, context in zip(by_terms, contexts, strict=False):
            against = self._doubt(candidate.term.signal, reading) if reading and len(words) >= _LONG_NOTE else "none"
            if against != "too much":
                judged.append((candidate, _asking(context) if against == "some" else context))
        told = {candidate.term.signal for candidate in by_terms}
        doubtful = {hit.signal for hit in hits if hit.doubt}
        for candidate, context in zip(by_meaning, contexts[len(by_terms) :], strict=True):
            # Terms name the words themselves, so what stands around them says more than around a whole clause.
            if candidate.term.signal not in told:
                # Cues anywhere in a clause may be about something else: they count when the networks doubt too.
                doubt = candidate.term.signal in doubtful
                judged.append((candidate, _asking(context) if doubt else replace(context, status="present")))
        return self._best(text, words, judged)

    def source(self, sentence: str, lang: Lang) -> str | None:
        """Who says so, of one sentence: `told_by_parent` and the like; None when nobody is named."""
        language = self._languages[lang]
        return language.context.source(cut(sentence[:MAX_LENGTH], language.spelling))

    def _doubt(self, signal: str, reading: "Reading") -> Literal["none", "some", "too much"]:
        """How much meaning speaks against what a term found. It may make an acute term a question, and no more."""
        severity = self.taxonomy.severity(signal)
        if severity == "protective":
            return "none"
        margin = reading.margins.get(signal, 0.0)
        if margin < _AGAINST and severity != "acute":
            return "too much"
        return "some" if (margin < _DOUBTFUL and severity != "acute") or signal in reading.alike else "none"

    def _best(self, text: str, words: Sequence[Word], judged: Iterable[tuple[Candidate, Context]]) -> list[Finding]:
        best: dict[str, Finding] = {}
        facets: dict[tuple[str, Status], set[str]] = {}
        for candidate, context in judged:
            finding = self._finding(text, words, candidate, context)
            if candidate.term.facet:
                facets.setdefault((finding.signal, finding.status), set()).add(candidate.term.facet)
            other = best.get(finding.signal)
            if other is None or _order(finding) < _order(other):
                best[finding.signal] = finding
        return sorted(
            (replace(f, facets=tuple(sorted(facets.get((f.signal, f.status), ())))) for f in best.values()),
            key=lambda f: (f.start, f.end, f.signal),
        )

    def _finding(self, text: str, words: Sequence[Word], candidate: Candidate, context: Context) -> Finding:
        signal = candidate.term.signal
        start, end = words[candidate.first].start, words[candidate.last - 1].end
        return Finding(
            signal=signal,
            kind=self.taxonomy.kind(signal),
            severity=self.taxonomy.severity(signal),
            start=start,
            end=end,
            text=text[start:end],
            status="uncertain" if context.status == "present" and candidate.term.score < ASK_BELOW else context.status,
            score=candidate.term.score,
            source=context.source,
        )


def _enough(words: Sequence[Word]) -> bool:
    return sum(word.form not in (SOFT, HARD) for word in words) >= _FEW_WORDS


def _order(finding: Finding) -> tuple[int, float, int, int]:
    """Best evidence first: what holds now, then clear words, then many words, then early words."""
    return _RANK[finding.status], -finding.score, finding.start - finding.end, finding.start


def _candidate(words: Sequence[Word], hit: "Hit") -> Candidate | None:
    """The words that a stretch of the note covers, as a candidate."""
    inside = [n for n, word in enumerate(words) if word.start < hit.end and hit.start < word.end and word.form != HARD]
    if not inside:
        return None
    return Candidate(Term(hit.signal, _BY_MEANING, hit.score), inside[0], inside[-1] + 1)


def _asking(context: Context) -> Context:
    return replace(context, status="uncertain") if context.status == "present" else context
