"""Stopping for now and going on."""

from actions.verb import Verb


class ActionPause(Verb):
    """Stop for now; everything is kept."""

    verb = "pause"


class ActionResume(Verb):
    """Go on with the open question."""

    verb = "resume"
