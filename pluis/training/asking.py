"""Ask somebody in a vignette: who is asked answers, what is not asked stays unsaid. Pure."""

import re
from collections.abc import Iterable

from rapidfuzz.distance import OSA

from pluis.training.vignette import ANYTHING, Talk

LONG = 6
"""From so many letters on a word may have one slip of the thumb."""
MOST_AT_ONCE = 3


def replies(talk: Talk, asked: str, language: str) -> list[tuple[str, str, str]]:
    """Several questions in one breath get an answer each: (question, id of the answer, what is said).

    A part that nothing fits is passed over when another part is answered.
    """
    parts = [part for part in re.split(r"(?<=\?)\s+", asked) if part.strip()][:MOST_AT_ONCE] or [asked]
    found = [(part, *reply(talk, part, language)) for part in parts]
    answered = list({id: one for one in reversed(found) if (id := one[1]) != ANYTHING}.values())[::-1]
    if len(parts) == 1 or not answered:
        return [(asked, *reply(talk, asked, language))]
    return answered


def reply(talk: Talk, question: str, language: str) -> tuple[str, str]:
    """The id of the answer that the question leads to, and what is said. ANYTHING: nothing fits.

    The answer with the most cues in the question counts; longer cues say more than short ones.
    """
    said = _words(question)
    best, found = 0, None
    for answer in talk.answers:
        weight = sum(len(cue) for cue in answer.cues[language] if _leads(_words(cue), said))
        if weight > best:
            best, found = weight, answer
    if found is None:
        return ANYTHING, talk.else_says[language]
    return found.id, found.says[language]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _leads(cue: list[str], said: list[str]) -> bool:
    """Whether the words of the cue stand side by side in what was said; the last may be the beginning of a word."""
    last = len(cue) - 1
    return any(
        all(_same(word, said[at + n], beginning=n == last) for n, word in enumerate(cue))
        for at in range(len(said) - last)
    )


def _same(cue: str, word: str, beginning: bool) -> bool:
    if word.startswith(cue) if beginning else word == cue:
        return True
    if len(cue) < LONG:
        return False
    ends: Iterable[str] = {word[: len(cue) + slip] for slip in (-1, 0, 1)} if beginning else (word,)
    return any(OSA.distance(cue, end, score_cutoff=1) <= 1 for end in ends)
