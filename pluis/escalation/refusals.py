"""Why a message was not taken: a kind, for which there is a sentence, and what was said exactly, for the operator."""

KINDS = (
    "address",  # this person's address is refused for good
    "message",  # the message is refused for good
    "later",  # come back later: greylisting, a full mailbox, too many messages
    "away",  # the server cannot be reached, or hung up
    "slow",  # it did not answer in time
    "login",  # it does not let Pluis in
    "theirs",  # it reports a fault of its own
    "moved",  # it answers with another address
    "settings",  # the channel is not set up well
    "fault",  # Pluis itself failed
    "other",
)


class NotTaken(Exception):
    """`kind` is one of KINDS."""

    def __init__(self, kind: str, said: str) -> None:
        self.kind, self.said = kind, said
        super().__init__(f"{kind}: {said}")


class NotNow(NotTaken):
    """Trouble that may pass: the message is tried again."""


class Refused(NotTaken):
    """It will never be taken like this: the next person is told."""


def parts(error: str) -> tuple[str, str]:
    """The kind and what was said, of an error as it is kept with a message."""
    kind, _, said = error.partition(": ")
    return (kind, said) if kind in KINDS and said else ("other", error)
