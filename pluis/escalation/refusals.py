"""Why a message was not taken."""


class NotNow(Exception):
    """Trouble that may pass: the message is tried again."""


class Refused(Exception):
    """It will never be taken like this: the next person is told."""
