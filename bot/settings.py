"""Which knobs does Contigo have? Every one of them, typed and documented, read from the environment.

Nothing else reads the environment. `.env.example` is held against this class by a test. Keys are described in `docs/keys.md`.
"""

from functools import lru_cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Words = Annotated[tuple[str, ...], NoDecode]
"""A comma-separated list in the environment."""


class Settings(BaseSettings):
    """One instance describes one process. Names are the environment's, in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True)

    # Who we are: shown in WHO and HELP, never hard-coded (VOICE, "Never hard-coded identity").
    operator_name: str = Field("", description="Who operates this hotline, as residents should read it")
    counsel_contact: str = Field("", description="Whom to call when a legal demand arrives; shown to staff only")
    demo: bool = Field(
        False, description="A demo database: sample people, unverified numbers may be shown. Never in production"
    )

    # Where things are.
    port: int = Field(8000, description="Port of the web process")
    public_base_url: str = Field(
        "http://127.0.0.1:8000", description="The address Twilio calls; signatures are checked against it"
    )
    database_url: str = Field("sqlite:///var/contigo.sqlite3", description="SQLite (one machine) or postgresql://")
    redis_url: str = Field(
        "redis://127.0.0.1:6390/0", description="Redis or Valkey; `./run` starts an embedded one when it is not set"
    )
    redis_key_prefix: str = Field("contigo:", description="Namespace of every Redis key that is ours")
    time_zone: str = Field("America/Los_Angeles", description="In which times are shown to people")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING, ERROR")

    # The carrier.
    twilio_account_sid: str = Field("", description="AC...")
    twilio_auth_token: Words = Field(
        (), repr=False, description="Several, comma-separated, while rotating; the first one signs our requests"
    )
    twilio_api_key_sid: str = Field("", description="SK...; preferred to the auth token for sending")
    twilio_api_key_secret: SecretStr = Field(SecretStr(""), description="Secret of that API key")
    twilio_webhook_shared_keys: Words = Field(
        (), repr=False, description="id:secret,... for HMAC-SHA256 webhook signatures"
    )
    twilio_api_base_url: str = Field("https://api.twilio.com", description="Twilio's REST API, or a compatible server")
    twilio_ca_file: str = Field(
        "",
        description="Certificates to trust at the carrier, where certifi's do not do (a proxy or a server of one's own)",
    )
    twilio_messaging_service_sid: str = Field("", description="MG...; wins over the plain number")
    twilio_from_number: str = Field("", description="The SMS number when no Messaging Service is used")
    twilio_whatsapp_from: str = Field("", description="The WhatsApp sender's number, without whatsapp:")
    twilio_max_concurrent_requests: int = Field(
        100, ge=1, description="Requests in flight at Twilio, all workers together"
    )
    twilio_timeout_seconds: float = Field(
        10.0, gt=0, description="After this a send is `unknown`, never sent again blindly"
    )
    sender_segments_per_second: float = Field(
        3.0, gt=0, description="Pace of the sender (toll-free 3, low-volume 10DLC 12, short code 100)"
    )
    reply_share: float = Field(0.1, ge=0, lt=1, description="Part of the pace that replies always keep")
    unknown_look_seconds: float = Field(
        60.0, gt=0, description="Twilio's list is looked at twice, this far apart, before a lost send is decided"
    )
    reply_country_codes: Words = Field(
        ("1",), description="Country codes we answer; others are kept but not answered (toll fraud)"
    )

    # Keys (docs/keys.md). Base64, made by `python -m bot keys`.
    number_public_key: str = Field("", description="Seals numbers. Web and workers")
    number_private_key: SecretStr = Field(
        SecretStr(""), description="Opens numbers. Workers only: the web process must not have it"
    )
    number_tag_key: SecretStr = Field(
        SecretStr(""), description="Finds a contact by number without storing it. Web and workers"
    )
    ledger_tag_key: SecretStr = Field(
        SecretStr(""), description="Marks consent and STOP without a number. Web and workers"
    )
    text_key: SecretStr = Field(SecretStr(""), description="Encrypts what people wrote, at rest. Web and workers")
    console_secret_key: SecretStr = Field(
        SecretStr(""), description="Signs console forms and seals one-time-code secrets. Web only"
    )

    # How the truth is found (facts/peers.md section 5).
    match_window_minutes: int = Field(60, description="Reports of one place within this time are one incident")
    lease_minutes: int = Field(5, description="How long a claim holds without an answer")
    page_ring_size: int = Field(3, description="How many verifiers are paged first")
    next_ring_minutes: int = Field(2, description="Unclaimed: page the next ring after this")
    unverifiable_minutes: int = Field(45, description="Nobody could look: the incident closes as unverifiable")
    finding_fresh_minutes: int = Field(10, description="Older findings must be asked again before release")
    alert_minutes: int = Field(60, description="An alert expires after this unless renewed")
    conversation_minutes: int = Field(30, description="How long our question waits for its answer")
    emergency_nobody_minutes: float = Field(2.0, description="Nobody took an emergency: say so after this")
    dispute_minutes: int = Field(15, description="A yes and a no seen within this time of each other are a dispute")
    rumor_askers: int = Field(
        3, ge=2, description="So many different people asking about one place open a quiet incident"
    )
    known_hours: int = Field(12, description="CHECK of a place answers from what was looked at within this time")
    shift_hours: float = Field(8, gt=0, description="A shift that nobody ends is over after this")

    # The outbox.
    slice_size: int = Field(5000, ge=1, description="Deliveries planned per statement")
    claim_seconds: float = Field(0.5, gt=0, description="How much of the pace a worker claims at once")
    lease_seconds: float = Field(30.0, gt=0, description="A claimed copy unrecorded after this is `unknown`")
    sweep_seconds: float = Field(5.0, gt=0, description="How often the sweep looks for what was dropped")
    catch_up_seconds: float = Field(30.0, gt=0, description="How often Twilio's list is asked for texts that missed us")
    catch_up_after_seconds: float = Field(
        30.0, ge=0, description="A text younger than this is still on its way to us, unless it says STOP"
    )
    catch_up_overlap_minutes: float = Field(
        15.0, ge=0, description="So far back it is read again each time: the list may show a text late"
    )
    receipt_late_minutes: float = Field(
        15.0, gt=0, description="A copy of which Twilio has said nothing for this long is asked about"
    )
    pause_after_errors: int = Field(8, ge=1, description="So many errors in a row, and the sender stands still ...")
    pause_seconds: float = Field(
        2.0, gt=0, description="... for this long; then one message is tried first. Doubled each time"
    )
    pause_longest_seconds: float = Field(30.0, gt=0, description="... up to this, where the carrier does not answer")
    refused_longest_seconds: float = Field(
        300.0, gt=0, description="... or this, where it refuses our account or sender"
    )
    divert_after_seconds: float = Field(
        30.0, ge=0, description="A sender stands still this long: urgent copies go by the person's other channel"
    )
    strikes_until_unreachable: int = Field(
        10, ge=1, description="So many copies in a row found the phone off: nothing is sent to it until it writes"
    )
    notice_quiet_from_hour: int = Field(21, ge=0, le=23, description="Aid notices wait from this hour ...")
    notice_quiet_until_hour: int = Field(8, ge=0, le=23, description="... until this one")
    notice_link_hosts: Words = Field(
        ("longbeach.gov", "lacounty.gov"), description="Hosts that an aid notice may link to"
    )

    # The console.
    session_hours: float = Field(12, description="A volunteer's session ends after this; half of it for organizers")
    session_idle_minutes: float = Field(60, description="... or after this without a click; half of it for organizers")
    step_up_minutes: float = Field(5, description="A release needs a sign-in proof younger than this")
    invitation_hours: int = Field(48, description="How long an invitation can be used")

    @field_validator(
        "twilio_auth_token", "twilio_webhook_shared_keys", "reply_country_codes", "notice_link_hosts", mode="before"
    )
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value

    @property
    def public_host(self) -> str:
        return urlsplit(self.public_base_url).netloc

    @property
    def var(self) -> Path:
        """Where a local database lives."""
        return Path("var")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """This process's settings. Tests clear the cache after changing the environment."""
    return Settings()
