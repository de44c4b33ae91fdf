"""`pluis run`: prepare what is missing, start every process of the Procfile, tell where it is, stop all together."""

import fcntl
import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pluis.access.slowing import is_loopback
from pluis.model import train
from pluis.settings import DEFAULT_PORT, ROOT, Settings
from pluis.supervise import Child, Supervisor, last_lines, open_log, read_procfile
from pluis.terminal import say, step

DEMO_ACCOUNTS = ("counselor", "counselor2", "supervisor", "manager", "trainee", "trainer", "quality", "admin")
READY_WITHIN = 180.0
"""Seconds that the processes get to become ready, all together."""
LETTERS_IN_A_SECRET = 12
"""So many different characters at least: forty random ones have more than twenty, `aaaa…` and `secretsecret…` fewer."""
FAILURES_ALLOWED = 5
"""Deaths of one process before anything was ready, after which waiting longer is pointless."""


class RunError(Exception):
    """Pluis cannot start; the message is a plain sentence with the cure."""


def run(settings: Settings) -> None:
    """Run Pluis until Ctrl-C or TERM.

    Raises:
        RunError: it would be unsafe, a port is taken, there is no key for the database, or the processes do not become ready.
        TrainingError: the model is missing and cannot be trained.
    """
    os.umask(0o077)
    check_public(settings)
    check_ports(settings)
    _interrupt_on_signals()
    path = settings.home / ("pluis.log" if settings.port == DEFAULT_PORT else f"pluis-{settings.port}.log")
    waiting = _Waiting(settings, path)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with _alone(settings.home):
            _prepare_database(settings)
        train()
        log = open_log(path, on_screen=waiting.interrupt)
        commands = read_procfile(ROOT / "Procfile")
        # From here on the supervisor has the signals.
        supervisor = Supervisor(commands, process_environment(settings), ROOT, log)
    except KeyboardInterrupt:
        return
    waiting.begin(supervisor)
    supervisor.run(waiting.look)
    say("\nPluis has stopped.")


def process_environment(settings: Settings) -> dict[str, str]:
    """What the processes of the Procfile find in their environment."""
    no_proxy = ",".join(filter(None, [os.environ.get("NO_PROXY"), "127.0.0.1", "localhost"]))
    return {
        **os.environ,
        **settings.environment(),
        # The processes talk to each other on this machine, never by way of a proxy.
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
    }


def check_public(settings: Settings) -> None:
    """Refuse to listen where others reach it with known passwords, without TLS, or with secrets that can be guessed.

    The second factor needs no check here: outside the demo nobody who sees cases gets in without one.
    """
    if is_loopback(settings.host):
        return
    if settings.demo:
        raise RunError(
            "The demo has accounts with known passwords, so it listens on this machine alone. "
            "Set PLUIS_HOST=127.0.0.1, or PLUIS_DEMO=0 and make accounts with `pluis user add`."
        )
    if not settings.public_url.startswith("https://"):
        raise RunError(
            f"On {settings.host} others can reach Pluis, and then it must go over TLS. Put a web server with TLS in "
            "front of it and set PLUIS_PUBLIC_URL to its address, https://…; see docs/operators.md."
        )
    for name, secret in (("PLUIS_SECRET", settings.secret), ("PLUIS_CHANNEL_KEY", settings.channel_key)):
        if len(set(secret)) < LETTERS_IN_A_SECRET or settings.secret == settings.channel_key:
            raise RunError(
                f"{name} can be guessed, or is used twice. Leave PLUIS_SECRET and PLUIS_CHANNEL_KEY out and Pluis makes "
                "them, or make each of your own: python3 -c 'import secrets; print(secrets.token_urlsafe(32))'."
            )


def check_ports(settings: Settings) -> None:
    """Refuse to start beside something that already listens where we want to."""
    other = settings.port + 100 if settings.port < 45_000 else settings.port - 100
    for what, host, port, setting, example in (
        ("the web", settings.host, settings.port, "PLUIS_PORT", other),
        ("Rasa", "127.0.0.1", settings.bot_port, "PLUIS_BOT_PORT", settings.bot_port + 1),
        (
            "the action server",
            "127.0.0.1",
            settings.actions_port,
            "PLUIS_ACTIONS_PORT",
            settings.actions_port + 1,
        ),
    ):
        try:
            family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except PermissionError:
            raise RunError(
                f"Port {port} (for {what}) needs more rights. Choose one above 1023: {setting}={example}."
            ) from None
        except OSError as error:
            raise RunError(
                f"Port {port}, which {what} needs, is not free on {host} ({error.strerror}). "
                f"Stop what uses it (another Pluis?) or choose another port: PLUIS_PORT={other} make run"
                + (f", or set {setting}." if setting != "PLUIS_PORT" else ".")
            ) from None


def is_ready(settings: Settings) -> bool:
    """Whether GET /healthz answers 200."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _interrupt_on_signals() -> None:
    """Let TERM and a closed terminal end the preparation just as Ctrl-C does."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Of several Pluis on one PLUIS_HOME, one at a time prepares the database."""
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _prepare_database(settings: Settings) -> None:
    from pluis.store.engine import keys_of
    from pluis.store.keys import KeysError, make_first
    from pluis.store.migrate import upgrade

    if settings.demo and not settings.keys:
        make_first(settings.key_file)
    keys = keys_of(settings)
    try:
        keys.all()
    except KeysError as error:
        raise RunError(str(error)) from None
    with step("Preparing the database"):
        upgrade(settings.database_url, keys)
        if settings.demo:
            from pluis.demo import seed

            seed(settings)


class _Waiting:
    """The progress line until everything is ready, and the welcome after it."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self.ready = False
        self._children: list[Child] = []
        self._settings, self._log = settings, log
        self._start = 0.0
        self._answered = threading.Event()
        self._line_open = False

    def begin(self, supervisor: Supervisor) -> None:
        """Start counting; from now on `look` must be called."""
        self._children = supervisor.children
        self._start = time.monotonic()
        # In a thread, because the first turn may take its time, and a signal must not wait for it.
        threading.Thread(target=self._ask, daemon=True).start()
        say("Starting ... ", end="")
        self._line_open = True

    def interrupt(self, text: str) -> None:
        """Show a line of the log, on a line of its own."""
        say(f"\n{text}" if self._line_open else text)
        self._line_open = False

    def look(self) -> None:
        """Ask whether everything is ready; say so once.

        Raises:
            RunError: it takes too long, or a process dies again and again.
        """
        if self.ready:
            return
        passed = time.monotonic() - self._start
        if self._answered.is_set():
            self.ready = True
            say(f"{passed:.0f} s" if self._line_open else "Started.")
            self._line_open = False
            self._welcome()
            return
        broken = next((child for child in self._children if child.failures >= FAILURES_ALLOWED), None)
        if broken or passed > READY_WITHIN:
            reason = (
                f"{broken.name} stopped {broken.failures} times."
                if broken
                else f"It was not ready after {READY_WITHIN:.0f} s."
            )
            tail = "\n".join(last_lines(self._log))
            raise RunError(f"\n{tail}\nPluis could not start: {reason} All that was said is in {self._log}.")

    def _ask(self) -> None:
        while not is_ready(self._settings):
            time.sleep(0.3)
        self._answered.set()

    def _welcome(self) -> None:
        say(f"\nPluis is ready: {self._settings.public_url}")
        if self._settings.demo:
            say(f"Demo accounts: {', '.join(DEMO_ACCOUNTS)}. The password of each is demo-<name>.")
        say(f"What the processes say is in {self._log}. Ctrl-C stops all of them.")
