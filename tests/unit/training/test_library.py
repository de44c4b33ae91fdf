"""The vignettes that come with Pluis, and what the check says of wrong ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pluis.content import LANGUAGES, ContentError, read_yaml
from pluis.protocol.read import Protocol
from pluis.settings import ROOT
from pluis.training import library

FOLDER = ROOT / "data" / "vignettes"


@pytest.fixture(scope="module")
def vignettes(protocol: Protocol) -> library.Library:
    return library.load(ROOT / "data", protocol)


def test_there_are_enough_of_them(vignettes: library.Library) -> None:
    assert sum(not one.story for one in vignettes.values()) >= 16
    assert [len(one.visits) for one in vignettes.values() if one.story].count(3) >= 3


def test_every_kind_of_family_is_there(vignettes: library.Library) -> None:
    themes = {theme for one in vignettes.values() for theme in one.themes}
    assert themes >= {
        "quiet", "one_strong_signal", "slow_build", "closed_door", "baby", "child_speaks", "worker_too_close", "mimic",
        "five_children", "failed_visit", "grandparents", "teenager", "honour", "money",
    }  # fmt: skip
    levels = {visit.marking.level for one in vignettes.values() for visit in one.visits}
    assert levels == {"L0", "L1", "L2", "L2+", "L3"}


def test_both_languages_are_whole_and_differ(vignettes: library.Library) -> None:
    for one in vignettes.values():
        for visit in one.visits:
            assert visit.scene.nl != visit.scene.en
            for language in LANGUAGES:
                assert 60 <= len(visit.scene[language].split()) <= 260, (one.id, language)
                assert "!" not in one.about[language] + visit.marking.reasons[language] + visit.marking.todo[language]


def test_the_scene_does_not_name_the_signal(vignettes: library.Library, protocol: Protocol) -> None:
    for one in vignettes.values():
        for visit in one.visits:
            for marked in visit.marking.signals:
                name = protocol.taxonomy.signal(marked.id).name
                for language in LANGUAGES:
                    assert name.of(language).lower() not in visit.scene[language].lower()


def test_names_differ_from_the_demo(vignettes: library.Library) -> None:
    demo = (ROOT / "pluis" / "demo" / "families.yml").read_text("utf-8")
    for one in vignettes.values():
        for language in LANGUAGES:
            assert f'"{one.family.name[language]}"' not in demo


Change = Callable[[dict[str, Any]], None]


def _visit(data: dict[str, Any]) -> dict[str, Any]:
    return dict.__getitem__(data, "visits")[0]  # type: ignore[no-any-return]


MIMIC = {
    "id": "caregiver_suicidal",
    "words": {"nl": "Op tafel staan tulpen.", "en": "The windows have been washed"},
    "why": {"nl": "Tulpen.", "en": "Windows."},
}
WRONG: list[tuple[Change, str, str]] = [
    (lambda d: _visit(d)["marking"]["signals"][0]["evidence"].update(nl="iets anders"), "caregiver_extended", "letter by letter"),
    (lambda d: _visit(d)["marking"]["signals"][0].update(id="bestaat_niet"), "bestaat_niet", "taxonomy.yml"),
    (lambda d: _visit(d)["marking"].update(level="L1"), "level", "beyond_rules"),
    (lambda d: _visit(d)["marking"]["seen"].pop("father"), "'father' is not there", "alone, spoken, seen or unseen"),
    (lambda d: _visit(d)["marking"]["had_to_ask"][0].update(answer="nooit"), "no answer 'nooit'", "under 'talk'"),
    (lambda d: _visit(d)["marking"]["had_to_ask"][0].update(question="Z9"), "'Z9' does not exist", "protocol/questions"),
    (lambda d: _visit(d)["talk"][0].update(who="buurman"), "buurman", "'name'"),
    (lambda d: _visit(d)["marking"].update(mimics=[MIMIC]), "is a signal here too", "one of the two"),
    (lambda d: d["title"].pop("en"), "'en' is missing", "Add 'en'"),
    (lambda d: d.update(scroe=1), "scroe", "spelling"),
    (lambda d: _visit(d).update(days_before=3), "order of time", "days_before"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "what", "cure"), WRONG)
def test_a_fault_names_file_entry_and_cure(
    tmp_path: Path, protocol: Protocol, change: Change, what: str, cure: str
) -> None:
    shutil.copytree(FOLDER, tmp_path / "vignettes")
    file = tmp_path / "vignettes" / "02_fresh_flowers.yml"
    data = read_yaml(file)
    change(data)
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    with pytest.raises(ContentError) as caught:
        library.load(tmp_path, protocol)
    told = str(caught.value)
    assert str(file) in told
    assert what in told
    assert cure in told


def test_an_id_stands_for_one_vignette(tmp_path: Path, protocol: Protocol) -> None:
    shutil.copytree(FOLDER, tmp_path / "vignettes")
    shutil.copy(tmp_path / "vignettes" / "13_candles.yml", tmp_path / "vignettes" / "99_copy.yml")
    with pytest.raises(ContentError, match="used twice"):
        library.load(tmp_path, protocol)


def test_an_empty_folder_is_a_fault(tmp_path: Path, protocol: Protocol) -> None:
    with pytest.raises(ContentError, match="no vignettes"):
        library.load(tmp_path, protocol)
