"""Measuring: the figures are counted as the model card says."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pluis.cli import app
from pluis.content import ContentError
from pluis.settings import ROOT
from pluis.signals import report
from pluis.signals.evaluate import Outcome, kind_of, measure, outcomes, read_notes, refuse_known
from pluis.signals.finder import Finder, Finding
from pluis.signals.notes import Note
from tests.unit.signals.marked import TAXONOMY, note, notes, write


def found(signal: str, status: str = "present", start: int = 0, end: int = 4) -> Finding:
    severity = TAXONOMY.severity(signal)
    return Finding(signal, "signal", severity, start, end, "word", status, 0.9)  # type: ignore[arg-type]


def outcome(of: Note, *findings: Finding) -> Outcome:
    return Outcome(of, kind_of(of), {m.id for m in of.signals}, {f.signal: f for f in findings})


VIOLENT = note("[Hij sloeg haar](domestic_violence) vannacht.")
ORDINARY = note("Soep gekookt en gelachen.")
NEVER = note("[Hij sloeg haar nooit](!domestic_violence negated).")


def test_counts_recall_and_precision() -> None:
    result = measure([outcome(VIOLENT, found("domestic_violence"), found("child_fearful")), outcome(VIOLENT)], TAXONOMY)
    row = result.rows[0]
    assert (row.marks, row.reported, row.recall.value, row.precision.value) == (2, 2, 0.5, 0.5)
    assert result.evidence_right.value == 1
    assert result.status_of_marks == {"present": 1, "not found": 1}


def test_an_uncertain_finding_is_reported_and_a_negated_one_is_not() -> None:
    one, two = (
        outcome(VIOLENT, found("domestic_violence", "uncertain")),
        outcome(VIOLENT, found("domestic_violence", "negated")),
    )
    assert (one.reported, two.reported) == ({"domestic_violence"}, set())


def test_false_alarms_are_counted_on_ordinary_notes() -> None:
    alarms = found("domestic_violence"), found("child_fearful")
    result = measure([outcome(ORDINARY, *alarms), outcome(ORDINARY), outcome(VIOLENT, *alarms)], TAXONOMY)
    assert (result.ordinary_alarmed.value, result.ordinary_alarmed.of, result.alarms_per_100) == (0.5, 2, 100)


def test_look_alikes_reported_as_present_are_counted() -> None:
    result = measure([outcome(NEVER, found("domestic_violence", "uncertain")), outcome(NEVER)], TAXONOMY)
    assert (result.mimics_present.value, result.mimics_reported.value) == (0, 0.5)
    assert result.status_of_mimics == {"negated": {"uncertain": 1, "not found": 1}}


def test_the_interval_holds_the_value() -> None:
    result = measure([outcome(VIOLENT, found("domestic_violence"))] * 8 + [outcome(VIOLENT)] * 4, TAXONOMY)
    recall = result.rows[0].recall
    assert 0 < recall.low < recall.value < recall.high <= 1


def test_without_a_kind_the_marks_tell_it() -> None:
    assert [kind_of(n) for n in (VIOLENT, ORDINARY, NEVER)] == ["real", "benign", "hard"]


def test_notes_that_were_learned_from_are_refused() -> None:
    with pytest.raises(ContentError, match="never seen"):
        refuse_known(notes("Hij sloeg haar, vannacht nog."), notes("hij sloeg haar vannacht nog."))


def test_a_missing_or_empty_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="not there"):
        read_notes([tmp_path / "no.yml"], TAXONOMY)
    with pytest.raises(ContentError, match="there are none"):
        read_notes([write(tmp_path / "n.yml")], TAXONOMY)


def test_tables_and_picture_name_every_group(finder: Finder) -> None:
    result = measure(outcomes([VIOLENT, ORDINARY, NEVER], finder), TAXONOMY)
    text = report.markdown({"both": result})
    assert "| recall, acute |" in text
    assert "| domestic_violence | 1 |" in text
    drawn = report.picture(result, "3 < 4 notes")
    assert drawn.startswith("<svg")
    assert "3 &lt; 4 notes" in drawn


@pytest.mark.slow
def test_the_command_refuses_training_notes() -> None:
    known = ROOT / "data" / "signals" / "sentences" / "train" / "violence.en.yml"
    done = CliRunner().invoke(app, ["signals", "evaluate", str(known)])
    assert done.exit_code == 1
    assert "too much like training note" in done.output
