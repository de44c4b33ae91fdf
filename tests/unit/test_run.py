"""`pluis run`: ports, environment, and processes that are started again and stopped together."""

import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pluis.cli import app
from pluis.run import RunError, check_ports, check_public, is_ready, process_environment
from pluis.settings import ROOT, Settings
from pluis.supervise import LONGEST_PAUSE, Child, last_lines, one_line, open_log, pause, read_procfile

SUPERVISE = """
    import logging, os, sys
    from pathlib import Path
    from pluis.supervise import Supervisor

    folder = Path(sys.argv[1])
    commands = dict(line.split(": ", 1) for line in sys.argv[2:])
    Supervisor(commands, dict(os.environ), folder, logging.getLogger("quiet")).run(lambda: None)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Settings(home=tmp_path, port=port, secret="s" * 32, channel_key="k" * 32)


def supervise(folder: Path, *commands: str) -> subprocess.Popen[bytes]:
    env = {name: value for name, value in os.environ.items() if name != "MAKELEVEL"} | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(SUPERVISE), str(folder), *commands], env=env)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Two processes that write each of their ids on a line of their own, and then wait."""
    process = supervise(
        tmp_path,
        "one: echo $$ >>one; exec sleep 300",
        "two: echo $$ >>two; trap '' TERM; sleep 300 & wait; sleep 300",
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.wait()


def lines(file: Path, count: int) -> list[str]:
    """The lines of the file, as soon as there are so many."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        found = file.read_text().splitlines() if file.exists() else []
        if len(found) >= count:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{file.name} has not {count} lines")


def ids(file: Path, count: int) -> list[int]:
    return [int(line) for line in lines(file, count)]


def events(file: Path, count: int) -> list[str]:
    return [json.loads(line)["event"] for line in lines(file, count)]


def gone(pid: int, within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
            if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.02)
    return False


def test_a_process_that_dies_starts_again(tmp_path: Path, started: subprocess.Popen[bytes]) -> None:
    (first,) = ids(tmp_path / "one", 1)
    os.kill(first, signal.SIGKILL)
    second = ids(tmp_path / "one", 2)[1]
    assert second != first
    assert len(ids(tmp_path / "two", 1)) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_also_what_does_not_listen(
    tmp_path: Path, started: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    pids = ids(tmp_path / "one", 1) + ids(tmp_path / "two", 1)
    started.send_signal(number)
    assert started.wait(10) == 0
    assert all(gone(pid, 1) for pid in pids)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_killed_itself_it_leaves_nothing_behind(tmp_path: Path, started: subprocess.Popen[bytes]) -> None:
    pids = ids(tmp_path / "one", 1) + ids(tmp_path / "two", 1)
    started.kill()
    assert all(gone(pid, 2) for pid in pids)


def test_what_a_process_said_is_logged_line_by_line_also_its_last_words(tmp_path: Path) -> None:
    log = open_log(tmp_path / "pluis.log", print)
    child = Child("one", "echo first; sleep 0.3; echo second; printf 'and out'", os.environ, tmp_path, log)

    while child.tend(0.0) is None:
        time.sleep(0.02)

    assert events(tmp_path / "pluis.log", 3) == ["first", "second", "and out"]
    for handler in log.handlers:
        handler.close()


def test_pauses_grow_to_a_limit() -> None:
    assert [pause(failures) for failures in (1, 2, 3, 4, 5, 6, 50)] == [0.5, 1, 2, 4, 8, 10, LONGEST_PAUSE]


@pytest.mark.parametrize("inner", ["port", "bot_port", "actions_port"])
def test_a_taken_port_is_named(settings: Settings, inner: str) -> None:
    port = getattr(settings, inner)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(RunError, match=rf"Port {port}, which .* PLUIS_PORT="):
            check_ports(settings)
    check_ports(settings)


def test_nothing_that_answers_is_not_ready(settings: Settings) -> None:
    assert not is_ready(settings)


def test_processes_get_every_setting_and_no_proxy(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "intranet")
    environment = process_environment(settings)
    assert environment["PLUIS_PORT"] == str(settings.port)
    assert environment["PLUIS_CHANNEL_KEY"] == "k" * 32
    assert environment["NO_PROXY"] == environment["no_proxy"] == "intranet,127.0.0.1,localhost"
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"


def test_rasa_is_kept_away_from_the_database_and_the_sessions() -> None:
    processes = read_procfile(ROOT / "Procfile")
    assert {"web", "actions", "bot"} <= processes.keys()
    assert "-u DATABASE_URL -u PLUIS_SECRET" in processes["bot"]
    assert all(command.startswith("exec ") for command in processes.values())


def test_the_log_keeps_everything_and_the_screen_gets_what_worries(tmp_path: Path) -> None:
    screen: list[str] = []
    log = open_log(tmp_path / "pluis.log", screen.append)
    for process, level, event in (
        ("web", "info", "request"),
        ("web", "error", "the disk is full"),
        ("run", "error", "stopped"),
    ):
        log.info("%s", one_line(process, level, event))
    for handler in log.handlers:
        handler.close()
    assert screen == ["web     | ERROR the disk is full", "run     | ERROR stopped"]
    assert list(last_lines(tmp_path / "pluis.log")) == ["web     | INFO request", *screen]
    assert all(json.loads(line)["time"] for line in (tmp_path / "pluis.log").read_text().splitlines())


@pytest.mark.parametrize(("given", "demo"), [(None, True), ("0", False), ("1", True)])
def test_make_run_has_demo_data_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, demo: bool
) -> None:
    ran: list[Settings] = []
    monkeypatch.setattr("pluis.run.run", ran.append)
    monkeypatch.setenv("PLUIS_HOME", str(tmp_path))
    monkeypatch.delenv("PLUIS_DEMO", raising=False)
    if given is not None:
        monkeypatch.setenv("PLUIS_DEMO", given)
    result = CliRunner().invoke(app, ["run", "--demo"])
    assert result.exit_code == 0
    assert [settings.demo for settings in ran] == [demo]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"demo": True}, "known passwords"),
        ({"public_url": "http://pluis.example.org"}, "must go over TLS"),
        ({"secret": "s" * 40}, "PLUIS_SECRET can be guessed"),
        ({"channel_key": "changeme" * 5}, "PLUIS_CHANNEL_KEY can be guessed"),
        ({"channel_key": "0123456789abcdefghijklmnopqrstuvwxyz"}, "is used twice"),
    ],
)
def test_a_public_address_needs_tls_and_secrets_and_no_demo(
    settings: Settings, change: dict[str, object], said: str
) -> None:
    public = settings.model_copy(
        update={
            "host": "0.0.0.0", "public_url": "https://pluis.example.org",
            "secret": "0123456789abcdefghijklmnopqrstuvwxyz", "channel_key": "zyxwvutsrqponmlkjihgfedcba9876543210",
        }
    )  # fmt: skip
    check_public(public)
    check_public(settings.model_copy(update={"demo": True, "host": "127.0.0.1"}))
    with pytest.raises(RunError, match=said):
        check_public(public.model_copy(update=change))
