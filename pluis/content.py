"""Read content files (YAML) and say of each fault the file, the entry and the cure.

Content is what professionals change: questions, rules, texts, ladders, signals. A fault in it must read like advice
to them, not like a stack trace.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, ValidationInfo, model_validator

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_+]*$")]
M = TypeVar("M", bound=BaseModel)


class Strict(BaseModel):
    """Base of all content models: frozen, and an unknown word is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def both(data: Any, plain: type, info: ValidationInfo) -> Any:
    """A plain value for both languages, where that was allowed."""
    allowed = isinstance(data, plain) and info.context is not None and info.context.get("one_language")
    return {"nl": data, "en": data} if allowed else data


class Wording(Strict):
    """The same thing said in Dutch and in English."""

    nl: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    en: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]

    @model_validator(mode="before")
    @classmethod
    def _both(cls, data: Any, info: ValidationInfo) -> Any:
        return both(data, str, info)

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.nl


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in one content file."""

    file: str
    entry: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}: {self.entry}: {self.what} {self.cure}".replace(": :", ":")


class ContentError(Exception):
    """The content cannot be used; `faults` says why, all at once."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


# The loader in C reads the terms ten times as fast; both give the same.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc] # chosen at run time
    """YAML in which yes, no, on and off are words, for they are answers here, and a key may stand only once."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:bool"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _value in node.value:
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key!r} stands here twice", key_node.start_mark
            )
        seen.add(key)
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def wrong(file: Path, entry: str, what: str, cure: str) -> ContentError:
    """The error for one fault."""
    return ContentError([Fault(str(file), entry, what, cure)])


def read_yaml(path: Path) -> Any:
    """The content of a file as plain data.

    Raises ContentError when the file is missing, is not UTF-8 or is not YAML.
    """
    try:
        return parse_yaml(path.read_text("utf-8"), path)
    except FileNotFoundError:
        raise ContentError([Fault(str(path), "file", "is missing.", "Put it back, for example from git.")]) from None
    except UnicodeDecodeError:
        raise ContentError([Fault(str(path), "file", "is not UTF-8.", "Save it as UTF-8.")]) from None


def parse_yaml(text: str, path: Path) -> Any:
    """As `read_yaml`, for a text that is at hand; `path` only names it in a fault."""
    try:
        return yaml.load(text, _Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}" if mark else "file"
        problem = getattr(error, "problem", None) or "cannot be read as YAML"
        cure = "Look at the indents, the quotes and the colons there."
        raise ContentError([Fault(str(path), line, f"{problem}.", cure)]) from None


def read_as(model: type[M], path: Path) -> M:
    """The file as this model.

    Raises ContentError with one fault per wrong entry.
    """
    return as_model(model, read_yaml(path), path)


def as_model(model: type[M], data: Any, path: Path, *, one_language: bool = False) -> M:
    """Plain data as this model; with `one_language` a plain text stands for both languages.

    Raises ContentError with one fault per wrong entry; `path` only names it there.
    """
    try:
        return model.model_validate(data, context={"one_language": one_language})
    except ValidationError as error:
        raise ContentError([_fault(path, data, problem) for problem in error.errors()]) from None


def _fault(path: Path, data: Any, problem: Any) -> Fault:
    return Fault(str(path), _entry(data, problem["loc"]), *_said_plainly(problem))


def _entry(data: Any, location: tuple[Any, ...]) -> str:
    """`questions 3 (C2) > choices 1 (no) > title`: positions count from 1, ids where there are any."""
    words: list[str] = []
    for part in location:
        known = isinstance(data, (dict, list))
        try:
            data = data[part] if known else None
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(part, int):
            name = (data.get("id") or data.get("signal")) if isinstance(data, dict) else None
            words[-1:] = [f"{words[-1] if words else ''} {part + 1}{f' ({name})' if name else ''}".strip()]
        elif known and isinstance(part, str):
            words.append(str(part))
    return " > ".join(words) or "file"


def _said_plainly(problem: Any) -> tuple[str, str]:
    kind, context = problem["type"], problem.get("ctx", {})
    word = problem["loc"][-1] if problem["loc"] else ""
    match kind:
        case "missing":
            return f"'{word}' is missing.", f"Add '{word}'."
        case "extra_forbidden":
            return f"'{word}' is not a known word here.", "Check its spelling or take it out."
        case "literal_error":
            return f"{problem['input']!r} is not possible here.", f"Use one of: {context['expected']}."
        case "string_pattern_mismatch":
            return (
                f"{problem['input']!r} cannot be an id.",
                "Use letters, digits and _ only, and begin with a letter.",
            )
        case "string_type" | "string_too_short":
            return "a text is expected here.", "Write a text; put it in quotes if it looks like a number."
        case "unknown_condition":
            return "this condition begins with no known word.", f"Begin it with one of: {problem['msg']}."
        case "value_error":
            what, _, cure = str(context["error"]).partition("|")
            return what, cure.strip() or "Correct it."
        case _:
            return f"{problem['msg']}.", "Correct it."


@cache
def project_root() -> Path:
    """The checkout that this package runs from."""
    return Path(__file__).resolve().parent.parent
