"""What the counselor has in hand."""

from actions.verb import Verb


class ActionMyCases(Verb):
    """Which families the counselor has."""

    verb = "my_cases"


class ActionOpenAlerts(Verb):
    """Which alerts stand open."""

    verb = "open_alerts"
