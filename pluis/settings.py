"""Settings: from the environment, then from `.env` in the checkout, then from `secrets.env` in PLUIS_HOME."""

import difflib
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
SECRETS = "secrets.env"
DEFAULT_PORT = 8000

Port = Annotated[int, Field(ge=1, le=65535)]


class SettingsError(ValueError):
    """A setting has no usable value; the message is a plain sentence that names the setting."""


def _from_root(path: Path) -> Path:
    return ROOT / path.expanduser()


def inner_port(port: int, distance: int) -> int:
    """The port of an inner process: `distance` above `port`, or below it where that would leave the range."""
    return port + distance if port + 20_000 <= 65_535 else port - distance


class Settings(BaseSettings):
    """All settings, checked and frozen. `Settings.load()` is the way to get one."""

    model_config = SettingsConfigDict(
        env_prefix="PLUIS_", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    home: Annotated[Path, AfterValidator(_from_root)] = Path(".home")
    host: str = "127.0.0.1"
    port: Port = DEFAULT_PORT
    bot_port: Port = 0
    actions_port: Port = 0
    database_url: str = Field(default="", validation_alias="DATABASE_URL", repr=False)
    secret: str = Field(default="", repr=False)
    channel_key: str = Field(default="", repr=False)
    log_key: str = Field(default="", repr=False)
    keys: str = Field(default="", repr=False)
    key_file: Annotated[Path, AfterValidator(_from_root)] = Path(".home/keys")
    demo: bool = False
    data: Annotated[Path, AfterValidator(_from_root)] = Path("data")
    language: Literal["nl", "en"] = "nl"
    public_url: str = ""
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: str = Field(default="", repr=False)
    metrics_token: str = Field(default="", repr=False)
    mail_url: str = Field(default="", repr=False)
    sms_url: str = Field(default="", repr=False)
    chat_url: str = Field(default="", repr=False)
    webhook_url: str = Field(default="", repr=False)
    webhook_key: str = Field(default="", repr=False)

    @classmethod
    def load(cls, env_file: Path | None = None, make_secrets: bool = True) -> Self:
        """Read the settings; `env_file` replaces the `.env` of the checkout.

        Secrets that nobody gave are made once and kept in `secrets.env` in PLUIS_HOME. A command that signs
        nothing asks for none to be made, and then may find them empty.

        Raises:
            SettingsError: a value is wrong, or `.env` holds a name that is no setting.
        """
        env_file = env_file or ROOT / ".env"
        _refuse_unknown_names(env_file)
        try:
            home = cls(_env_file=env_file).home
            path = _ensure_secrets(home) if make_secrets else home / SECRETS
            return cls(_env_file=(path, env_file))
        except ValidationError as error:
            raise SettingsError(_plain(error)) from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, dotenv_settings

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, url: str) -> str:
        for short in ("postgresql://", "postgres://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url

    @field_validator("secret", "channel_key", "log_key", "webhook_key", "metrics_token")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < 32:
            raise ValueError("must have at least 32 characters")
        return value

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, given: Any) -> Any:
        """Fill in what follows from other settings."""
        values = dict(given)
        port = str(values.get("port", DEFAULT_PORT))
        if not port.isdigit() or not 1 <= int(port) <= 65_535:
            # The check of the field itself says what is wrong with it.
            return {**values, "bot_port": 5005, "actions_port": 5055}
        default = int(port) == DEFAULT_PORT
        values.setdefault("bot_port", 5005 if default else inner_port(int(port), 10_000))
        values.setdefault("actions_port", 5055 if default else inner_port(int(port), 20_000))
        home = _from_root(Path(values.get("home", ".home")))
        if not values.get("database_url") and not values.get("DATABASE_URL"):
            values["DATABASE_URL"] = f"sqlite:///{home / 'pluis.db'}"
        values.setdefault("key_file", home / "keys")
        host = values.get("host", "127.0.0.1")
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        values.setdefault("public_url", f"http://{shown}:{port}")
        return values

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        if len({self.port, self.bot_port, self.actions_port}) < 3:
            raise ValueError("PLUIS_PORT, PLUIS_BOT_PORT and PLUIS_ACTIONS_PORT must differ from each other")
        return self

    def environment(self) -> dict[str, str]:
        """The same settings as environment variables, for the processes that `pluis run` starts."""
        values = {setting_name(field): getattr(self, field) for field in type(self).model_fields}
        return {name: "01"[value] if isinstance(value, bool) else str(value) for name, value in values.items()}


def setting_name(field: str) -> str:
    """The environment variable of a field of Settings."""
    return "DATABASE_URL" if field == "database_url" else f"PLUIS_{field.upper()}"


def _refuse_unknown_names(env_file: Path) -> None:
    known = [setting_name(field) for field in Settings.model_fields] + ["PLUIS_TEST_POSTGRES_URL"]
    for name in dotenv_values(env_file) if env_file.is_file() else {}:
        if name.startswith("PLUIS_") and name not in known:
            close = difflib.get_close_matches(name, known, 1)
            advice = f"Did you mean {close[0]}?" if close else f"The settings are: {', '.join(known)}."
            raise SettingsError(f"{env_file}: {name} is no setting of Pluis. {advice}")


def _ensure_secrets(home: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Make PLUIS_HOME and, for its owner alone, the secrets in it; return the file of the secrets."""
    path = home / SECRETS
    names = ("PLUIS_SECRET", "PLUIS_CHANNEL_KEY", "PLUIS_LOG_KEY")
    if all(environ.get(name) for name in names):
        return path
    known = dotenv_values(path) if path.is_file() else {}
    if all(known.get(name) for name in names):
        return path
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = ["# Made by Pluis. Keep this file with the database and show it to nobody.\n"]
    lines += [f"{name}={known.get(name) or secrets.token_urlsafe(32)}\n" for name in names]
    # A temporary file (mode 600) and a link: two processes that start at once agree on one set of secrets.
    with tempfile.NamedTemporaryFile("w", dir=home, prefix=SECRETS, delete=False) as file:
        file.writelines(lines)
    try:
        os.replace(file.name, path) if known else os.link(file.name, path)
    except FileExistsError:
        pass
    finally:
        Path(file.name).unlink(missing_ok=True)
    return path


def _plain(error: ValidationError) -> str:
    sentences = []
    for item in error.errors():
        field = str(item["loc"][0]) if item["loc"] else ""
        name = f"{field if field.isupper() else setting_name(field)}: " if field else ""
        sentences.append(name + item["msg"].removeprefix("Value error, "))
    return "; ".join(sentences) + ". See .env.example."
