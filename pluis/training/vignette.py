"""A vignette as data: a made-up family, what a visitor sees and hears, and how experts marked it."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationInfo, model_validator

from pluis.content import Identifier, Strict, Wording, both

Level = Literal["L0", "L1", "L2", "L2+", "L3"]
How = Literal["alone", "spoken", "seen", "unseen"]
VignetteId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{2,40}$")]
ANYTHING = "anything"


class Cues(Strict):
    """Words, or beginnings of words, in a question that lead to an answer."""

    nl: Annotated[list[str], Field(min_length=1)]
    en: Annotated[list[str], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _both(cls, data: Any, info: ValidationInfo) -> Any:
        return both(data, list, info)

    def __getitem__(self, language: str) -> list[str]:
        return self.en if language == "en" else self.nl


class Member(Strict):
    """One person of the family. `months` for the very young, else `age`."""

    id: Identifier
    name: str
    kind: Literal["child", "adult"]
    relation: Wording
    age: int | None = None
    months: int | None = None
    speaks: bool = True
    parent: bool = False
    lives_here: bool = True


class Agreed(Strict):
    """What was agreed with the family before this visit."""

    text: Wording
    safety: bool = False


class Family(Strict):
    name: Wording
    people: Annotated[list[Member], Field(min_length=2)]
    one_parent_reason: Wording | None = None

    def member(self, id: str) -> Member | None:
        return next((one for one in self.people if one.id == id), None)

    @property
    def children(self) -> list[Member]:
        return [one for one in self.people if one.kind == "child"]


class Answer(Strict):
    """What somebody says, or what there is to see, once it is asked for.

    `seen`: how people were seen by whoever asked this, where that is more than the marking says.
    """

    id: Identifier
    ask: Wording
    cues: Cues
    says: Wording
    seen: dict[Identifier, How] = {}


class Talk(Strict):
    """Somebody to ask, or a place to look at (then it has a `name` of its own). `else_says`: when nothing fits."""

    who: Identifier
    name: Wording | None = None
    else_says: Wording
    answers: Annotated[list[Answer], Field(min_length=1)]

    def answer(self, id: str) -> Answer | None:
        return next((one for one in self.answers if one.id == id), None)


class Marked(Strict):
    """A signal that the experts see, with the words of the visit in which they see it."""

    id: Identifier
    severity: Literal["acute", "serious", "concern"] | None = None
    evidence: Wording
    about: Identifier | None = None


class Mimic(Strict):
    """Words that look like a signal and are none here."""

    id: Identifier
    words: Wording
    why: Wording


class HadToAsk(Strict):
    """A question that had to be asked, and what it would have shown. `question`: the one of the debrief about it."""

    who: Identifier
    answer: Identifier
    question: Identifier | None = None
    why: Wording


class Marking(Strict):
    """How the experts marked the visit. `either`: signals that one may or may not name."""

    seen: dict[Identifier, How]
    signals: list[Marked] = []
    either: list[Identifier] = []
    mimics: list[Mimic] = []
    had_to_ask: Annotated[list[HadToAsk], Field(min_length=1)]
    level: Level
    reasons: Wording
    beyond_rules: Wording | None = None
    todo: Wording

    def signal(self, id: str) -> Marked | None:
        return next((one for one in self.signals if one.id == id), None)


class Visit(Strict):
    """One visit. `days_before`: how long before today it was, for the earlier visits of a story.

    `last_seen`: days between everybody was last seen and this visit, if it is the first one.
    """

    days_before: int = 0
    last_seen: int = 14
    known: Wording
    agreements: list[Agreed] = []
    scene: Wording
    talk: Annotated[list[Talk], Field(min_length=1)]
    marking: Marking
    learn: Annotated[list[Wording], Field(min_length=1)]

    def talker(self, who: str) -> Talk | None:
        return next((one for one in self.talk if one.who == who), None)

    @cached_property
    def words(self) -> dict[str, str]:
        """All that can be seen and heard, per language."""
        said = [answer.says for talk in self.talk for answer in talk.answers]
        return {lang: "\n".join([self.scene[lang], *(one[lang] for one in said)]) for lang in ("nl", "en")}


class Vignette(Strict):
    """A made-up family with one visit, or a story of several."""

    id: VignetteId
    title: Wording
    about: Wording
    themes: Annotated[list[Identifier], Field(min_length=1)]
    family: Family
    visits: Annotated[list[Visit], Field(min_length=1, max_length=5)]

    @property
    def story(self) -> bool:
        return len(self.visits) > 1


__all__ = ["ANYTHING", "Answer", "HadToAsk", "Marked", "Marking", "Member", "Talk", "Vignette", "Visit"]
