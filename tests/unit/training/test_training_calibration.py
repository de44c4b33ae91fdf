"""Agreement is computed as published; a group's figures are never about fewer than three people."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pluis.training.blind_spots import Figure, blind_spots
from pluis.training.calibration import agreement, alpha
from pluis.training.outcome import Met, Outcome

DAY = datetime(2026, 3, 2, 15, tzinfo=UTC)
N = None
# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example C: four observers, twelve units, missing data.
PUBLISHED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]


def test_alpha_is_what_krippendorff_published() -> None:
    nominal, ordinal = alpha(PUBLISHED, "nominal"), alpha(PUBLISHED, "ordinal")
    assert nominal == pytest.approx(0.743, abs=0.0005)
    assert ordinal == pytest.approx(0.815, abs=0.0005)


@pytest.mark.parametrize("rows", [[[1, 1], [1, 1]], [[1, N], [N, 2]]])
def test_nothing_to_compute_is_no_figure(rows: list[list[int | None]]) -> None:
    assert alpha(rows, "nominal") is None


def did(vignette: str, level: str, *signals: str, how: Met = "whole", day: int = 1) -> Outcome:
    return Outcome(vignette, 0, DAY.replace(day=day), {"child": how}, frozenset(signals), level)


def test_people_who_agree_and_people_who_do_not() -> None:
    people = {
        1: [did("ash", "L0"), did("birch", "L3", "a", "b")],
        2: [did("ash", "L0"), did("birch", "L3", "a")],
        3: [did("ash", "L0"), did("birch", "L2+", "a"), did("birch", "L0", day=2)],
        4: [did("cedar", "L3", "x")],
    }
    found = agreement(people)
    assert found.people == 3
    assert found.level is not None
    assert found.level.value is not None
    assert found.level.value > 0.8
    by_name = {one.name: one for one in found.signals}
    assert by_name["a"].value == pytest.approx(1)
    assert by_name["b"].word == "apart"
    assert [(one.place, one.levels) for one in found.visits] == [
        (("ash", 0), (("L0", 3),)), (("birch", 0), (("L2+", 1), ("L3", 2))),
    ]  # fmt: skip


def test_two_people_are_no_group() -> None:
    assert agreement({1: [did("ash", "L0")], 2: [did("ash", "L3")]}).level is None


def test_blind_spots_count_people_and_never_fewer_than_three() -> None:
    marked = {("ash", 0): frozenset({"a", "b"}), ("birch", 0): frozenset({"c"})}
    people = {
        1: [did("ash", "L1", "a", how="none"), did("ash", "L1", "a", "b", how="whole", day=9)],
        2: [did("ash", "L1", "a", how="part")],
        3: [did("ash", "L1", "b", how="none"), did("birch", "L0")],
        4: [],
    }
    found = blind_spots(people, marked)
    assert found.people == 3
    assert found.signals == (Figure("b", 3, 2), Figure("a", 3, 1))
    assert found.strands == (Figure("child", 3, 1),)
    assert blind_spots({1: people[1], 2: people[2]}, marked).signals == ()
