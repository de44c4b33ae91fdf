"""What was told earlier and answers a question that is still to come, so that one tap is enough. Pure."""

from pluis.protocol.facts import Facts, Finding
from pluis.protocol.order import Asked

AS_TOLD = "as_told"
SURE = 0.5  # the score from which a finding that nobody has confirmed yet counts as told
MOST = 2  # quotes in one question


def told_before(asked: Asked, facts: Facts) -> tuple[Finding, ...]:
    """Findings told at another question that this one would bring up (`feeds`), about the same person; newest first.

    What somebody said is not so, or only was so once, answers nothing. Each sentence comes once.
    """
    if asked.all:
        return ()
    own = asked.question.id
    about = asked.subject.id if asked.subject else None
    found: dict[str, Finding] = {}
    for one in reversed(facts.findings):
        told = one.confirmation == "yes" or (
            one.confirmation in ("open", "left") and one.status == "present" and one.score >= SURE
        )
        if (
            told
            and not one.protective
            and one.key != ""
            # A question that follows up on another (B1a on B1) knows what it follows.
            and not own.startswith(one.key.partition("/")[0])
            and one.signal in asked.question.feeds
            and (about is None or one.subject == about)
        ):
            found.setdefault(one.sentence or one.words, one)
    return tuple(found.values())[:MOST]
