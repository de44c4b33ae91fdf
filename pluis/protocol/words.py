"""Words as people type them: plain, cut into clauses, and what they deny. Pure."""

import re

TURNS = {"maar", "wel", "alleen", "behalve", "but", "except", "though", "only"}

NEGATIONS = {
    "nee", "neen", "neuh", "nah", "nope", "no", "non", "niet", "nie", "niks", "niets", "nix", "geen", "gn", "niemand",
    "nooit", "nergens", "not", "nothing", "none", "never", "nobody", "neither", "without", "zonder", "hoeft", "cannot",
}  # fmt: skip

# "Nee die was op school": what comes before the answer itself.
_OPENERS = {
    "ja", "jawel", "jazeker", "jep", "nee", "neen", "hoor", "joh", "nou", "tja", "eh", "uh", "ehm", "die", "hij", "zij", "ze",
    "yes", "yeah", "yep", "no", "nope", "well", "um", "he", "she", "they",
}  # fmt: skip


def plain(text: str) -> str:
    """Lower case, one space between words, no punctuation at the ends of words."""
    return " ".join(re.findall(r"[\w+'-]+", text.lower()))


def plain_clauses(text: str) -> str:
    """Lower case with the marks between clauses kept."""
    return (
        " ".join(re.findall(r"[\w+'-]+|[,;.\n]", text.lower())).replace(" ,", ",").replace(" .", ".").replace(" ;", ";")
    )


_NO_DANGER = re.compile(
    r"^(?:nee|neen|no|nope|nobody|niemand|niets|niks|nothing)\b(?! (?:ademt|reageert|breath))"
    r"|\b(?:geen|niemand|niet|niks|niets|no|nobody|not|nothing|none|isn't|no one)(?: [\w'-]+){0,3}"
    r" (?:gevaar|gevaarlijk|acuut|acuuts|nood|spoed|danger|dangerous|emergency|urgent|acute)\b"
)


def denies(text: str) -> bool:
    """Whether words deny that there is danger: `niemand in gevaar`, `no danger`. `Kind ademt niet` does not."""
    return _NO_DANGER.search(plain(text)) is not None


def after_opening(words: list[str]) -> list[str]:
    """The words without the yes, the no and the sighs that they begin with."""
    start = next((n for n, word in enumerate(words) if word not in _OPENERS), len(words))
    return words[start:]


def _negates(word: str) -> bool:
    return word in NEGATIONS or word.endswith(("n't", "dnt", "snt", "dont"))


def denied(said: str) -> bool:
    """Whether a word of denial is among them."""
    return denials(said) > 0


def denials(said: str) -> int:
    """How many words of denial: "nee gevraagd" and "nee niet gevraagd" differ in one."""
    return sum(_negates(word) for word in said.split())


def says(said: str, phrase: str) -> bool:
    """Whether the words hold the phrase, and do not deny it just before: `niemand gesproken` is no `gesproken`."""
    for match in re.finditer(rf"(?<![\w'-]){re.escape(phrase)}(?![\w'-])", said):
        before, after = said[: match.start()].split()[-3:], said[match.end() :].split()[:1]
        turn = max((n for n, word in enumerate(before) if word in TURNS), default=-1)
        # A bare yes or no at the very beginning belongs to the question, not to these words.
        if turn < 0 and before and before[0] in _OPENERS and said.startswith(" ".join(before)):
            turn = 0
        if any(_negates(word) for word in before[turn + 1 :]):
            continue
        if not denied(phrase) and any(_negates(word) for word in after):
            continue
        return True
    return False
