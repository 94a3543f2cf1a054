"""Which flags and variables does the simulator know?"""

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from simulator.phones import DEFAULT_PHONES, Phone

ACCOUNT = "AC" + "0" * 31 + "1"
SERVICE = "MG" + "0" * 31 + "1"
TOKEN = "simulated-auth-token"  # noqa: S105  opens nothing but the simulator itself


@dataclass(frozen=True, slots=True)
class Config:
    """One simulator. Times are seconds; those marked (live) can be changed while it runs."""

    host: str = "127.0.0.1"
    port: int = 8010
    public_url: str = ""
    """Where clients reach it, used in MediaUrl; empty: the address it listens on."""
    hotline_url: str = "http://127.0.0.1:8000"
    inbound_path: str = "/twilio/inbound"
    voice_path: str = "/twilio/voice"
    connection_overrides: str = ""
    """Fragment put on the inbound webhook address, as in `rc=3&rp=ct,rt,5xx` (Twilio's connection overrides)."""

    account_sid: str = ACCOUNT
    auth_tokens: tuple[str, ...] = (TOKEN,)
    """All of them may sign in; the first one signs our requests, as Twilio's primary token does."""
    api_key_sid: str = ""
    api_key_secret: str = ""
    shared_key: str = ""
    """`id:secret`: sign webhooks with HMAC-SHA256 and this shared key instead of the auth token."""

    numbers: tuple[str, ...] = ("+15625550100",)
    whatsapp: tuple[str, ...] = ("+15625550100",)
    messaging_service: str = SERVICE
    """Its pool is all numbers and WhatsApp senders above."""
    segments_per_second: float = 12.0
    """Of each SMS number. Toll-free 3, low-volume 10DLC 12, short code 100."""
    whatsapp_per_second: float = 80.0
    queue_hours: float = 10.0
    max_concurrent: int = 100
    """(live) REST requests at once; one more is answered 429/20429."""

    accept_seconds: float = 0.05
    """(live) accepted -> queued, for messages of a Messaging Service."""
    send_seconds: float = 0.3
    """(live) sending -> sent."""
    deliver_seconds: float = 1.0
    """(live) sent -> delivered, give or take a third."""
    list_lag_seconds: float = 0.5
    """(live) a new message is absent from the list for this long."""
    hold_seconds: float = 60.0
    """(live) how long a request that is never answered is kept open."""
    help_autoreply: bool = False
    """Twilio answers HELP and INFO itself by default; services that customise it switch that off."""

    beyond_fiction: bool = False
    """Also take `+10` and nine digits, an area code that cannot exist: fiction has 80,000 numbers, large drills more people."""

    callbacks_in_flight: int = 32
    keep: int = 100_000
    """Messages remembered; older ones are forgotten, and counted."""
    seed: int | None = None
    phones: tuple[Phone, ...] = DEFAULT_PHONES


LIVE = (
    "max_concurrent",
    "accept_seconds",
    "send_seconds",
    "deliver_seconds",
    "list_lag_seconds",
    "hold_seconds",
)

FLAGS: dict[str, tuple[str, str]] = {  # field: (flag, variable)
    "host": ("--host", "SIMULATOR_HOST"),
    "port": ("--port", "SIMULATOR_PORT"),
    "public_url": ("--public-url", "SIMULATOR_PUBLIC_URL"),
    "hotline_url": ("--hotline", "SIMULATOR_HOTLINE_URL"),
    "connection_overrides": ("--connection-overrides", "SIMULATOR_CONNECTION_OVERRIDES"),
    "account_sid": ("--account-sid", "TWILIO_ACCOUNT_SID"),
    "auth_tokens": ("--auth-token", "TWILIO_AUTH_TOKEN"),
    "api_key_sid": ("--api-key-sid", "TWILIO_API_KEY_SID"),
    "api_key_secret": ("--api-key-secret", "TWILIO_API_KEY_SECRET"),
    "shared_key": ("--shared-key", "SIMULATOR_SHARED_KEY"),
    "numbers": ("--numbers", "TWILIO_FROM_NUMBER"),
    "whatsapp": ("--whatsapp", "TWILIO_WHATSAPP_FROM"),
    "messaging_service": ("--messaging-service", "TWILIO_MESSAGING_SERVICE_SID"),
    "segments_per_second": ("--rate", "SENDER_SEGMENTS_PER_SECOND"),
    "whatsapp_per_second": ("--whatsapp-rate", "SIMULATOR_WHATSAPP_PER_SECOND"),
    "queue_hours": ("--queue-hours", "SIMULATOR_QUEUE_HOURS"),
    "max_concurrent": ("--max-concurrent", "SIMULATOR_MAX_CONCURRENT"),
    "accept_seconds": ("--accept-seconds", "SIMULATOR_ACCEPT_SECONDS"),
    "send_seconds": ("--send-seconds", "SIMULATOR_SEND_SECONDS"),
    "deliver_seconds": ("--deliver-seconds", "SIMULATOR_DELIVER_SECONDS"),
    "list_lag_seconds": ("--list-lag-seconds", "SIMULATOR_LIST_LAG_SECONDS"),
    "hold_seconds": ("--hold-seconds", "SIMULATOR_HOLD_SECONDS"),
    "help_autoreply": ("--help-autoreply", "SIMULATOR_HELP_AUTOREPLY"),
    "beyond_fiction": ("--beyond-fiction", "SIMULATOR_BEYOND_FICTION"),
    "callbacks_in_flight": ("--callbacks-in-flight", "SIMULATOR_CALLBACKS_IN_FLIGHT"),
    "keep": ("--keep", "SIMULATOR_KEEP"),
    "seed": ("--seed", "SIMULATOR_SEED"),
    "phones": ("--phones", "SIMULATOR_PHONES"),
}


def _phones(text: str) -> tuple[Phone, ...]:
    return tuple(Phone(**row) for row in json.loads(text))


def _read(field: str, kind: str, text: str) -> Any:
    if field == "phones":
        return _phones(text)
    if "tuple" in kind:
        return tuple(word.strip() for word in text.split(",") if word.strip())
    if "bool" in kind:
        return text.strip().lower() in {"1", "true", "yes", "on"}
    if "int" in kind:
        return int(text)
    return float(text) if "float" in kind else text


def read_config(arguments: Sequence[str] = (), environment: Mapping[str, str] = os.environ) -> Config:
    """Flags win over variables, variables over defaults; an empty variable counts as not set."""
    kinds = {field.name: str(field.type) for field in fields(Config)}
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A Twilio on your own machine.")
    for name, (flag, variable) in FLAGS.items():
        parser.add_argument(flag, dest=name, help=f"also {variable}")
    given = vars(parser.parse_args(list(arguments)))
    chosen: dict[str, Any] = {}
    for name, (flag, variable) in FLAGS.items():
        text = given[name] if given[name] is not None else environment.get(variable) or None
        if text is None:
            continue
        try:
            chosen[name] = _read(name, kinds[name], text)
        except (ValueError, TypeError) as error:
            parser.error(f"{flag} or {variable}: {error}")
    config = replace(Config(), **chosen)
    bare = tuple(number.removeprefix("whatsapp:") for number in config.whatsapp)
    return replace(config, whatsapp=bare, hotline_url=config.hotline_url.rstrip("/"))
