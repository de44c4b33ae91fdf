"""What can be said in the middle of a question. The question stays open."""

from actions.verb import Verb


class ActionWhy(Verb):
    """Say why this is asked, and where the question comes from."""

    verb = "why"


class ActionRepeat(Verb):
    """Ask the open question again."""

    verb = "repeat"


class ActionSkip(Verb):
    """Leave this question."""

    verb = "skip"


class ActionBack(Verb):
    """Go to the previous question."""

    verb = "back"


class ActionCorrect(Verb):
    """Change an earlier answer."""

    verb = "correct"


class ActionSummary(Verb):
    """Say what was recorded so far."""

    verb = "summary"


class ActionRaiseLevel(Verb):
    """Set the level higher."""

    verb = "raise_level"
