"""Passwords: kept as argon2 hashes, and which ones are good enough.

After NIST SP 800-63B: long enough, not one of those that are tried first, no rules about capitals or digits, no end
date, and room for a whole sentence.
"""

import secrets

from pwdlib import PasswordHash
from zxcvbn import zxcvbn

SHORTEST, LONGEST = 12, 200
# zxcvbn: 0 to 4; below 3 fewer than a hundred million guesses do. It knows the passwords that leaked most, names,
# words, keyboard rows, dates, repeats.
GOOD_ENOUGH = 3
# What people here would take first, and zxcvbn does not know.
NEAR = (
    "pluis", "welkom", "wachtwoord", "geheim", "hallo", "gezin", "gezinsbegeleider", "begeleider", "jeugdzorg",
    "kinderen", "vakantie", "zomervakantie", "lente", "zomer", "herfst", "winter", "maandag", "dinsdag", "woensdag",
    "donderdag", "vrijdag", "januari", "februari", "maart",
)  # fmt: skip

_hasher = PasswordHash.recommended()
# Checked when there is no such account, so that an unknown name takes as long as a wrong password.
_NOBODY = _hasher.hash(secrets.token_hex(8))


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether this password belongs to this hash; takes as long when there is no hash at all."""
    known = stored is not None and stored.startswith("$")
    return _hasher.verify(password, stored if known and stored else _NOBODY) and known


def fault(password: str, *about: str) -> str | None:
    """Why this password will not do: password_short | password_long | password_easy; None when it will.

    `about`: what others know of the person, such as the user name and the name.
    """
    if len(password) < SHORTEST:
        return "password_short"
    if len(password) > LONGEST:
        return "password_long"
    words = [word for text in about for word in (text, *text.split()) if len(word) > 2]
    # What comes after seventy characters makes no password easier, and would take zxcvbn long.
    return "password_easy" if zxcvbn(password[:70], [*NEAR, *words])["score"] < GOOD_ENOUGH else None
