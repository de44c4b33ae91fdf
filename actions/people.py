"""Reaching a human."""

from actions.verb import Verb


class ActionDanger(Verb):
    """Somebody is in danger now."""

    verb = "danger"


class ActionWantContact(Verb):
    """Speak to a supervisor or a colleague."""

    verb = "want_contact"
