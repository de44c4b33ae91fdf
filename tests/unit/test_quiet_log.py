"""What a log says of an error: its kind and its place, never its words."""

from __future__ import annotations

import logging

import pytest

from pluis.quiet_log import keep_words_out


@pytest.mark.parametrize("name", ["uvicorn.error", "asyncio"])
def test_an_error_is_logged_without_its_words(name: str, caplog: pytest.LogCaptureFixture) -> None:
    keep_words_out()
    keep_words_out()
    words = "vader sloeg het kind"
    try:
        int(words)
    except ValueError as error:
        logging.getLogger(name).error("Exception in %s\n", "a turn", exc_info=error)

    assert "Exception in a turn: ValueError" in caplog.text
    assert "test_quiet_log.py" in caplog.text
    assert words not in caplog.text
