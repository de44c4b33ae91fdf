"""Beginning something, outside a debrief."""

from actions.verb import Verb


class ActionStartDebrief(Verb):
    """Begin a debrief."""

    verb = "start_debrief"


class ActionStartTraining(Verb):
    """Begin a practice visit."""

    verb = "start_training"
