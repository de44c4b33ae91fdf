"""Guessing costs time: how long to wait after so many failures, for an account and for an address. Pure.

An account closes after every fifth failure, each time for longer. An address of the network waits ever longer between
tries, whatever the accounts. Addresses of this machine itself are not counted: they say nothing about who is there.
"""

from datetime import timedelta
from ipaddress import ip_address

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=10)
LONGEST_LOCK = timedelta(hours=2)
FREE = 10  # failures of one address that cost nothing: several people may share it
LONGEST_PAUSE = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


def lock_after(failures: int) -> timedelta | None:
    """How long an account closes after its failure number so many in a row; None when it stays open."""
    if failures < MOST_FAILURES or failures % MOST_FAILURES:
        return None
    doubled = min(failures // MOST_FAILURES - 1, 10)
    return min(LOCKED_FOR * (1 << doubled), LONGEST_LOCK)


def pause_after(failures: int) -> timedelta:
    """How long an address has to wait for its next try."""
    return min(timedelta(seconds=2 ** min(failures - FREE, 12)), LONGEST_PAUSE) if failures > FREE else timedelta(0)


def counts(address: str) -> bool:
    """Whether failures of this address are counted."""
    return bool(address) and not is_loopback(address)


def is_loopback(host: str) -> bool:
    """Whether this is this machine itself, as an address or as `localhost`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
