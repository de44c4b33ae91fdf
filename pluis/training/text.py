"""A vignette as the text that people write: YAML, with text of several lines as a block."""

from typing import Any

import yaml

from pluis.training.vignette import Vignette


class _Dumper(yaml.SafeDumper):
    """Text of several lines as a block and lists indented, so that people can read and change it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def as_text(content: dict[str, Any]) -> str:
    """Plain data as YAML, in the order in which it comes."""
    return str(yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000))


def in_one_language(vignette: Vignette, language: str) -> str:
    """A vignette in one language, without its id: an example to begin from."""
    return as_text(_said(vignette.model_dump(mode="json", exclude_defaults=True, exclude={"id"}), language))


def _said(data: Any, language: str) -> Any:
    if isinstance(data, list):
        return [_said(one, language) for one in data]
    if not isinstance(data, dict):
        return data
    if data.keys() == {"nl", "en"}:
        return data[language]
    return {key: _said(value, language) for key, value in data.items()}
