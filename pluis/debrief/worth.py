"""Which findings are worth a question in a conversation, and which cannot wait for the answer. Pure.

Scores are the finder's: how clearly the words carry the signal. A question too many at each turn, and nobody uses
Pluis; an alert too many, and nobody reads alerts.
"""

from collections.abc import Iterable

from pluis.protocol.facts import ALARMING
from pluis.signals.finder import Finding

ASK_FROM = {"acute": 0.12, "serious": 0.3, "concern": 0.35, "protective": 0.35}
SHORT = 4  # words: below this only words that name a signal count, not what they may mean
NAMED = 0.4


def worth_asking(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """What is kept of the findings in one message."""
    short = len(text.split()) < SHORT
    return [f for f in findings if f.score >= (NAMED if short else ASK_FROM[f.severity])]


def alarming(finding: Finding) -> bool:
    """Whether people are told at once, before the counselor has said that it is so."""
    return finding.severity == "acute" and finding.status in ("present", "uncertain") and finding.score >= ALARMING
