"""The small language in which terms are written, compiled to regular expressions over cut words.

    kan niet meer            these words in this order; commas and quotes between them do not matter
    sla*                     a word that begins so
    kind *slaan              a word that ends so; another word must stand beside it
    (sla|schop) hem          one of these; an alternative may hold several words
    (echt)? bang             may be there
    moeder ~ huilt           at most three words in between
    moeder ... huilt         at most eight words in between, within the sentence
    3 appjes >> niks         at most twelve words in between, may cross the end of a sentence
    <parent> slaat           a word group from `words.yml`

Words are compared in lower case, without accents and apostrophes, after the spellings of `words.yml`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

_TOKEN = re.compile(
    r"<(?P<group>[\w-]+)>|(?P<open>\()|(?P<close>\)\??)|(?P<bar>\|)|(?P<gap>>>|\.\.\.|~)"
    r"|(?P<word>[^\s()|<>~?]+)|(?P<space>\s+)|(?P<other>.)"
)
_BETWEEN = "(?: ,)* "
_GAPS = {"~": "(?: [^ .]+){0,3}?", "...": "(?: [^ .]+){0,8}?", ">>": "(?: [^ ]+){0,12}?"}
Fold = Callable[[str], tuple[str, ...]]


class PatternError(ValueError):
    """A term is not written as it should be."""


@dataclass(frozen=True)
class Anchor:
    """A word without which a pattern cannot match; with `prefix` any word that begins so."""

    form: str
    prefix: bool


@dataclass(frozen=True)
class Pattern:
    """A compiled term: `anchors` say cheaply when it is worth trying, `regex` decides.

    Each element of `anchors` stands for one part of the term; a match needs a word for every part.
    """

    source: str
    expression: str
    anchors: tuple[tuple[Anchor, ...], ...]
    wide: bool

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled on first use: most terms never meet a note that holds their anchor."""
        return re.compile(self.expression)


def compile_pattern(source: str, groups: Mapping[str, str], fold: Fold) -> Pattern:
    """Compile one term.

    Parameters
    ----------
    source
        The term as written.
    groups
        Word groups by name, each written as a term itself.
    fold
        Gives the form or forms to compare for one written word.

    Raises
    ------
    PatternError
        If a bracket is open, a group is unknown or nothing fixed is left to look for.
    """
    parser = _Parser(source, groups, fold)
    expression, parts = parser.sequence()
    if parser.rest:
        raise PatternError("a bracket or bar too many")
    if not parts:
        raise PatternError("it has no fixed word")
    return Pattern(source, expression + "(?= )", tuple(tuple(dict.fromkeys(part)) for part in parts), ">>" in source)


class _Parser:
    """Recursive descent over the written term; each step gives an expression and its anchors."""

    def __init__(self, source: str, groups: Mapping[str, str], fold: Fold) -> None:
        self._groups, self._fold = groups, fold
        self.rest = [(m.lastgroup or "", m.group()) for m in _TOKEN.finditer(source) if m.lastgroup != "space"]

    def sequence(self) -> tuple[str, list[list[Anchor]]]:
        """Elements up to a bar, a closing bracket or the end, with the anchors of each fixed one."""
        parts: list[str] = []
        fixed: list[list[Anchor]] = []
        while self.rest and self.rest[0][0] not in ("bar", "close"):
            kind, text = self.rest.pop(0)
            if kind == "gap":
                parts.append(_GAPS[text])
                continue
            if kind == "word":
                expression, anchors = self._word(text)
            elif kind == "group":
                expression, anchors = self._group(text[1:-1])
            elif kind == "open":
                expression, anchors, optional = self._alternatives()
                if optional:
                    parts.append(f"(?:{expression})?")
                    continue
            else:
                raise PatternError(f"{text!r} has no meaning here")
            parts.append(expression)
            if anchors:
                fixed.append(anchors)
        return "".join(parts), fixed

    def _alternatives(self) -> tuple[str, list[Anchor], bool]:
        expressions: list[str] = []
        anchors: list[Anchor] = []
        fixed = True
        while True:
            expression, parts = self.sequence()
            expressions.append(expression)
            anchors += _best(parts)
            fixed = fixed and bool(parts)
            if not self.rest:
                raise PatternError("a bracket is not closed")
            kind, text = self.rest.pop(0)
            if kind == "close":
                return f"(?:{'|'.join(expressions)})", anchors if fixed else [], text == ")?"

    def _group(self, name: str) -> tuple[str, list[Anchor]]:
        if name not in self._groups:
            raise PatternError(f"the word group <{name}> does not exist")
        expression, parts = _Parser(f"({self._groups[name]})", self._groups, self._fold).sequence()
        return expression, _best(parts)

    def _word(self, text: str) -> tuple[str, list[Anchor]]:
        start, end = text.startswith("*"), text.endswith("*")
        forms = self._fold(text.strip("*"))
        if not forms:
            raise PatternError(f"{text!r} is no word")
        if len(forms) > 1 or not (start or end):
            expression = "".join(_BETWEEN + form for form in forms) + "(?= )"
            return expression, [Anchor(max(forms, key=len), prefix=False)]
        head, tail = "[^ ,.]*" if start else "", "[^ ,.]*" if end else "(?= )"
        return _BETWEEN + head + forms[0] + tail, [] if start else [Anchor(forms[0], prefix=True)]


def _best(parts: list[list[Anchor]]) -> list[Anchor]:
    """The part to go by when only one can be: long words in few alternatives."""
    worth = [(min(len(anchor.form) for anchor in part) - 0.3 * len(part), part) for part in parts]
    return max(worth, key=lambda pair: pair[0])[1] if worth else []
