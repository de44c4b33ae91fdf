"""What a log says of an error: its kind and its place, never its words."""

from __future__ import annotations

import io
import logging

import pytest

from pluis.quiet_log import keep_words_out


@pytest.mark.parametrize("name", ["uvicorn.error", "asyncio"])
def test_an_error_is_logged_without_its_words(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, logger=name)
    keep_words_out()
    keep_words_out()
    words, said, logger = "vader sloeg het kind", io.StringIO(), logging.getLogger(name)
    handler = logging.StreamHandler(said)
    logger.addHandler(handler)
    try:
        int(words)
    except ValueError as error:
        logger.error("Exception in %s\n", "a turn", exc_info=error)
    finally:
        logger.removeHandler(handler)

    assert "Exception in a turn: ValueError" in said.getvalue()
    assert "test_quiet_log.py" in said.getvalue()
    assert words not in said.getvalue()
