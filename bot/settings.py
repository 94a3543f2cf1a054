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

    # Who we are: shown in WHO and HELP, never hard-coded.
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
    twilio_media_hosts: Words = Field(
        ("mms.twiliocdn.com",), description="Hosts that Twilio may send us on to for the bytes of a picture"
    )
    sms_segment_dollars: float = Field(
        0.0125,
        ge=0,
        description="About what one SMS segment costs, carriers' fees included: for the release page only",
    )
    whatsapp_message_dollars: float = Field(
        0.005, ge=0, description="About what one WhatsApp message costs: for the release page only"
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

    # How the truth is found.
    match_window_minutes: int = Field(60, description="Reports of one place within this time are one incident")
    match_lead: float = Field(
        0.15,
        ge=0,
        description="Of several incidents, a report without a corner joins the one that fits best by this much",
    )
    match_least: float = Field(
        -2.0, description="... and fits at least so well: less, and it tells of something else (below 0: more differs)"
    )
    moved_meters: float = Field(
        900,
        ge=0,
        description="What is seen so near in cars of the same kind and colour, and alike by MOVED_LEAST, has moved on",
    )
    moved_least: float = Field(1.6, description="... the cars and a third thing, such as the agency or how many")
    said_moved_least: float = Field(0.5, description="... or a text says that they moved there, and fits so well")
    lease_minutes: int = Field(5, description="How long a claim holds without an answer")
    page_ring_size: int = Field(3, description="How many verifiers are paged first")
    next_ring_minutes: int = Field(2, description="Unclaimed: page the next ring after this")
    unverifiable_minutes: int = Field(45, description="Nobody could look: the incident closes as unverifiable")
    finding_fresh_minutes: int = Field(10, description="Older findings must be asked again before release")
    alert_minutes: int = Field(60, description="An alert expires after this unless renewed")
    conversation_minutes: int = Field(30, description="How long our question waits for its answer")
    emergency_nobody_minutes: float = Field(
        1.75, description="Nobody took an emergency: say so after this (2 are promised)"
    )
    emergency_silent_minutes: float = Field(
        10,
        gt=0,
        description="Whoever took an emergency did nothing on the console for so long: another may take it over",
    )
    dispute_minutes: int = Field(15, description="A yes and a no seen within this time of each other are a dispute")
    rumor_askers: int = Field(
        3, ge=2, description="So many different people asking about one place open a quiet incident"
    )
    queue_screen_rows: int = Field(
        20, ge=1, description="Incidents on one screen of the queue: as many as somebody reads before they choose"
    )
    known_reporter_weight: float = Field(
        1.0, ge=0, description="What a first-hand report of a number counts in the queue's order: confirmed before ..."
    )
    new_reporter_weight: float = Field(0.5, ge=0, description="... of one we know nothing of ...")
    mistaken_reporter_weight: float = Field(
        0.25, ge=0, description="... of one whose earlier ones mostly were not so. Weights order; they decide nothing"
    )
    weight_enough: float = Field(
        3.0,
        gt=0,
        description="More weight than this moves nothing further up: 500 numbers are not worth more than three",
    )
    surge_minutes: int = Field(
        10, ge=1, description="Whether more is told than usual is judged by so many minutes: a brigade's first wave"
    )
    surge_reports: int = Field(
        30,
        ge=1,
        description="Fewer reports in that time are no surge, however quiet it was: one bus that saw it is less",
    )
    surge_factor: float = Field(
        5.0, gt=1, description="So many times the usual number of reports are a surge; a real raid triples it"
    )
    surge_usual_days: int = Field(
        7, ge=1, le=30, description="What is usual is counted over so many days: a whole week"
    )
    copied_places: int = Field(
        2,
        ge=1,
        description="One text about more places than this is a chain letter: one may have named the wrong corner",
    )
    many_places: int = Field(
        3,
        ge=1,
        description="One number that tells of more things than this in MANY_PLACES_MINUTES did not see them all ...",
    )
    many_places_minutes: int = Field(30, ge=1, description="... in a time in which one drives through one part of town")
    burst_reports: int = Field(
        5,
        ge=1,
        description="In a surge, more reports of one number than this in SURGE_MINUTES add nothing to what it told",
    )
    reporter_memory_days: int = Field(
        180, ge=1, le=180, description="So long earlier reports of a number count for the order of its new ones"
    )
    known_reports: int = Field(1, ge=1, description="So many confirmed ones make a reporter known ...")
    mistaken_reports: int = Field(
        3, ge=1, description="... so many that were something else, and more than were confirmed, an often mistaken one"
    )
    brigade_numbers: int = Field(
        20,
        ge=3,
        description="So many numbers about one incident may be looked at for signs of a brigade; fewer are a bus stop",
    )
    brigade_share: float = Field(
        0.9, gt=0, le=1, description="... and so large a part of them new to us, or of one prefix, is a sign, in words"
    )
    home_code_minutes: int = Field(
        60,
        ge=1,
        description="The code by which another phone joins a home holds so long: it is read aloud at the table",
    )
    relay_hours: float = Field(2, gt=0, description="A volunteer's talk with one reporter ends after this")
    relay_per_hour: int = Field(3, ge=1, description="So many questions of volunteers one person gets in an hour")
    known_hours: int = Field(12, description="CHECK of a place answers from what was looked at within this time")
    shift_hours: float = Field(8, gt=0, description="A shift that nobody ends is over after this")
    escalate_minutes: float = Field(5, gt=0, description="Nobody goes: the coordinator on call is paged after this ...")
    decide_minutes: float = Field(
        10, gt=0, description="... and must choose after this: wait, ask volunteers again, look another way, close"
    )
    decide_again_minutes: float = Field(
        5, gt=0, description="No choice was made, `wait` or `send`: asked again after this"
    )
    second_way_minutes: float = Field(
        15, gt=0, description="Somebody looks another way (calls a shop, a school): asked again after this"
    )
    are_you_ok_minutes: float = Field(
        5, gt=0, description="A silent verifier was asked whether they are OK: others are told after this"
    )
    still_there_minutes: float = Field(20, gt=0, description="An alert is out: asked whether it is still so after this")
    still_there_answer_minutes: float = Field(
        5, gt=0, description="No answer to that: the next is asked after this; twice, and we only say `last seen`"
    )
    night_rule: bool = Field(
        False,
        description="One senior verifier on the spot may release alone, when nobody who could has been there: one "
        "neighborhood, minutes, reviewed the same day. The database holds the bounds",
    )
    night_wait_minutes: int = Field(3, ge=3, description="... after waiting so long for a second person")
    night_alert_minutes: int = Field(20, gt=0, le=20, description="... and it ends after this")
    night_cut_off_hours: float = Field(
        24, ge=24, description="... and by nobody while a second person of another line lost their access since"
    )
    night_review_hours: int = Field(12, gt=0, le=24, description="... and should be reviewed within this")
    trial_findings: int = Field(10, ge=0, description="A new verifier's first looks are compared, not counted: so many")
    exercise_minutes: int = Field(45, gt=0, description="A SIMULACRO that nobody ends is over after this")
    alert_longest_hours: float = Field(4, gt=0, description="However often it is renewed, an alert ends after this")
    release_turn_minutes: float = Field(
        2, gt=0, description="Who could release was paged and does nothing: the next is paged after this"
    )
    gaps_ahead_hours: float = Field(12, gt=0, description="An empty shift is told to the coordinators this long before")
    gaps_soon_minutes: float = Field(
        60,
        gt=0,
        description="... and from NOTICE_QUIET_FROM_HOUR to NOTICE_QUIET_UNTIL_HOUR only one that begins so soon",
    )

    # Photos and recorded clips.
    photos_per_person: int = Field(
        20, ge=0, description="So many photos of one person are kept at a time; each for three days at most"
    )
    photo_longest_side_pixels: int = Field(1600, ge=200, description="A photo is kept no larger than this")
    clips_folder: str = Field(
        "", description="Where the recorded clips are; messages/clips where empty (messages/clips/README.md)"
    )
    clips_by_mms: bool = Field(
        True, description="Whether the SMS sender carries MMS (a short code only if that was ordered)"
    )

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

    # Whether the hotline works (the console's page of that name).
    silent_seconds: float = Field(
        30.0, gt=0, description="A process that has said nothing for so long is taken for dead"
    )
    late_seconds: float = Field(60.0, gt=0, description="What should leave at once and waits longer than this is late")
    list_unread_minutes: float = Field(
        10.0, gt=0, description="Twilio's list was not read to its end for so long: it is said"
    )
    disk_low_percent: float = Field(10.0, ge=0, le=100, description="Less of the disk is free: it is said ...")
    disk_full_megabytes: int = Field(200, ge=0, description="... and louder when less than this is")
    keys_old_days: int = Field(365, ge=1, description="Keys in use for longer are to be thought about (docs/keys.md)")

    # The console.
    smallest_count_shown: int = Field(
        10,
        ge=1,
        description="Smaller counts of people are withheld in what may be shared (history, after-action pages)",
    )
    session_hours: float = Field(12, description="A volunteer's session ends after this; half of it for organizers")
    session_idle_minutes: float = Field(60, description="... or after this without a click; half of it for organizers")
    step_up_minutes: float = Field(5, description="A release needs a sign-in proof younger than this")
    invitation_hours: int = Field(48, description="How long an invitation can be used")
    idle_shown_days: int = Field(30, ge=1, description="Who was not here for so many days is shown to organizers ...")
    idle_ended_days: int = Field(
        45, ge=1, description="... and after so many loses access; two people can give it back"
    )
    shift_longest_hours: float = Field(12, gt=0, description="Nobody plans a longer shift than this")
    shift_plan_days: int = Field(28, ge=1, description="Shifts are planned so many days ahead at most")

    @field_validator(
        "twilio_auth_token",
        "twilio_webhook_shared_keys",
        "twilio_media_hosts",
        "reply_country_codes",
        "notice_link_hosts",
        mode="before",
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
