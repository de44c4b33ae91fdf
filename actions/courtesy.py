"""Talk about the talk."""

from actions.verb import Verb


class ActionGreet(Verb):
    """A greeting outside a debrief."""

    verb = "greet"


class ActionHelp(Verb):
    """What can be done here."""

    verb = "help"


class ActionSwitchLanguage(Verb):
    """Go on in the other language."""

    verb = "switch_language"


class ActionAreYouABot(Verb):
    """Say what this is."""

    verb = "are_you_a_bot"


class ActionThanks(Verb):
    """Thanks."""

    verb = "thanks"


class ActionGoodbye(Verb):
    """Goodbye."""

    verb = "goodbye"


class ActionOutOfScope(Verb):
    """Words that ask for nothing we do, or that were not understood, outside a debrief."""

    verb = "out_of_scope"
