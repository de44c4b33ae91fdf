"""Logs say what went wrong and where, never the words of an error: those may be what somebody typed."""

import logging
import traceback


class WithoutWords(logging.Filter):
    """Takes the message of an exception out of a record, and leaves its kind and the lines of code that led to it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            where = "".join(traceback.format_tb(trace))
            record.msg = f"{record.getMessage().rstrip()}: {kind.__name__}\n{where}".rstrip()
            record.args, record.exc_info, record.exc_text = (), None, None
        return True


def keep_words_out() -> None:
    """Filter what the libraries of this process log of errors that nobody caught. Safe to repeat."""
    for name in ("uvicorn.error", "asyncio", "sanic.error", "sanic.root"):
        logger = logging.getLogger(name)
        if not any(isinstance(one, WithoutWords) for one in logger.filters):
            logger.addFilter(WithoutWords())
