"""Ask somebody in a vignette: who is asked answers, what is not asked stays unsaid. Pure."""

import re

from pluis.training.vignette import ANYTHING, Talk


def reply(talk: Talk, question: str, language: str) -> tuple[str, str]:
    """The id of the answer that the question leads to, and what is said. ANYTHING: nothing fits.

    The answer with the most cues in the question counts; longer cues say more than short ones.
    """
    said = " " + " ".join(re.findall(r"\w+", question.lower()))
    best, found = 0, None
    for answer in talk.answers:
        weight = sum(len(cue) for cue in answer.cues[language] if f" {cue.lower()}" in said)
        if weight > best:
            best, found = weight, answer
    if found is None:
        return ANYTHING, talk.else_says[language]
    return found.id, found.says[language]
