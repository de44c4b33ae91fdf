"""What another person's name looks like in somebody's part of a dossier."""

import pytest

from pluis.dossier import paper
from pluis.dossier.paper import Paper
from pluis.dossier.redact import _Hider

ZOE = {"id": "p3", "name": "Zoë", "relation": "dochter"}
LINA = {"id": "p1", "name": "Lina de Wit", "relation": "moeder"}
OTHERS = [LINA, {"id": "p2", "name": "Erik", "relation": "stiefvader"}]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë lachte.", "Zoë lachte."),
        ("Zoë zei dat Erik haar slaat", "Zoë zei dat […] haar slaat"),
        ("Zoë was bij Lina's zus", "Zoë was bij […] […]"),
        ("mama was boos op ERIK", "[…] was boos op […]"),
        ("ze speelt met Çağlar van hiernaast", "ze speelt met […] van hiernaast"),
        ("Ze praat met Veilig Thuis over Zoë's slaap", "Ze praat met Veilig Thuis over Zoë's slaap"),
        ("de manier waarop ze eet", "de manier waarop ze eet"),
    ],
)
def test_names_and_words_for_others_are_taken_out(text: str, shown: str) -> None:
    assert _Hider(ZOE, OTHERS)(text) == shown


def test_a_mother_keeps_the_word_mother() -> None:
    assert _Hider(LINA, [ZOE])("Lina is een moeder die Zoë voorleest") == "Lina is een moeder die […] voorleest"


def test_without_a_font_of_its_own_the_paper_is_still_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "font_files", dict)
    made = Paper("Dossier", "Vertrouwelijk", "nl")
    made.heading(1, "Zoë – Çağlar Şimşek 日")
    made.bullet("“aangehaald”", "Łukasz")
    made.grid(["a"], [["ě"]], [170])
    assert bytes(made.output()).startswith(b"%PDF")
