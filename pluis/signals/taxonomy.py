"""The signals Pluis knows: `data/signals/taxonomy.yml`, read and checked."""

from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pluis.content import read_as, wrong

Lang = Literal["nl", "en"]
Severity = Literal["acute", "serious", "concern"]
FILE = Path("signals", "taxonomy.yml")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Entry):
    """One text in both languages."""

    nl: str
    en: str

    def of(self, lang: Lang) -> str:
        """The text in `lang`."""
        return self.nl if lang == "nl" else self.en


class Grade(_Entry):
    """What a severity is called and what it asks for."""

    name: Words
    meaning: str


class Upgrade(_Entry):
    """When a signal becomes acute, and the literal question that finds out."""

    when: str
    question: Words


class Signal(_Entry):
    """Something worrying that a note may tell."""

    id: str
    name: Words
    definition: Words
    domain: str
    severity: Severity
    upgrade: Upgrade | None = None
    sources: tuple[str, ...]


class ProtectiveFactor(_Entry):
    """Something that protects a child, and the signals it answers."""

    id: str
    name: Words
    definition: Words
    answers: tuple[str, ...]


class Taxonomy(_Entry):
    """All signals and protective factors with their names, grades and sources."""

    version: int
    severities: dict[Severity, Grade]
    domains: dict[str, Words]
    sources: dict[str, str]
    signals: tuple[Signal, ...]
    protective_factors: tuple[ProtectiveFactor, ...]

    @cached_property
    def _by_id(self) -> dict[str, Signal]:
        return {signal.id: signal for signal in self.signals}

    @cached_property
    def _protective_by_id(self) -> dict[str, ProtectiveFactor]:
        return {factor.id: factor for factor in self.protective_factors}

    def signal(self, signal_id: str) -> Signal:
        """The signal called `signal_id`; `KeyError` if there is none."""
        return self._by_id[signal_id]

    def protective(self, factor_id: str) -> ProtectiveFactor:
        """The protective factor called `factor_id`; `KeyError` if there is none."""
        return self._protective_by_id[factor_id]

    def __contains__(self, name: object) -> bool:
        return name in self._by_id or name in self._protective_by_id

    def kind(self, name: str) -> Literal["signal", "protective"]:
        """Whether `name` is a signal or a protective factor; `KeyError` if it is neither."""
        if name in self._by_id:
            return "signal"
        self.protective(name)
        return "protective"

    def severity(self, name: str) -> Severity | Literal["protective"]:
        """The default severity of a signal, "protective" for a protective factor."""
        return self.signal(name).severity if self.kind(name) == "signal" else "protective"


def read_taxonomy(data_dir: Path) -> Taxonomy:
    """Read and check `signals/taxonomy.yml` under `data_dir`.

    Raises
    ------
    ContentError
        If the file is missing or an entry is wrong; the message names the entry and the cure.
    """
    file = data_dir / FILE
    taxonomy = read_as(Taxonomy, file)
    seen: set[str] = set()
    entries: tuple[Signal | ProtectiveFactor, ...] = (*taxonomy.signals, *taxonomy.protective_factors)
    for entry in entries:
        if entry.id in seen:
            raise wrong(file, entry.id, "this id is used twice.", "Give one of the two another id.")
        seen.add(entry.id)
    for signal in taxonomy.signals:
        if signal.domain not in taxonomy.domains:
            raise wrong(
                file,
                signal.id,
                f"unknown domain {signal.domain!r}.",
                f"Use one of {', '.join(taxonomy.domains)}.",
            )
        for source in signal.sources:
            if source not in taxonomy.sources:
                raise wrong(
                    file,
                    signal.id,
                    f"unknown source {source!r}.",
                    f"Use one of {', '.join(taxonomy.sources)}.",
                )
    for factor in taxonomy.protective_factors:
        for answered in factor.answers:
            if answered not in taxonomy._by_id:
                raise wrong(
                    file,
                    factor.id,
                    f"answers an unknown signal {answered!r}.",
                    "Use the id of a signal in this file.",
                )
    return taxonomy
