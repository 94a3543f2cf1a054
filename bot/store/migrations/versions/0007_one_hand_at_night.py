"""the night rule, drills that reach nobody, new verifiers' looks, check words, what an update refers to

Revision 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

from bot.store.reshaping import on_sqlite, reshape

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNIQUE = {
    "uq_incident_sensitive": ("incident", ("id", "sensitive")),
    "uq_person_senior": ("person", ("id", "line_id", "senior")),
    "uq_broadcast_one_area": ("broadcast", ("id", "only_area", "expires_at")),
    "uq_finding_counted": ("finding", ("id", "incident_id", "person_id", "person_line", "shadow")),
    "uq_finding_seen": ("finding", ("id", "incident_id", "person_id", "person_line", "saw", "uniform")),
    "uq_confirmation_finding": ("confirmation", ("id", "incident_id", "person_id", "person_line", "finding_id")),
    "uq_alert_of_incident": ("alert", ("id", "incident_id")),
}
"""What the keys of a night release point at."""
TWO_PEOPLE = "kind = 'doubt' OR second_id IS NOT NULL"
NIGHT = {
    "ck_release_night_alone": "CHECK (night IS NULL OR (night = broadcast_id AND kind = 'alert' AND second_id IS NULL))",
    "fk_release_night": (
        "FOREIGN KEY(night, incident_id, confirmation_id, first_id, first_line) REFERENCES night_release"
        " (broadcast_id, incident_id, confirmation_id, person_id, person_line)"
    ),
}
OWN_LOOK = {
    "ck_confirmation_on_no_shadow": "CHECK (NOT shadow)",
    "fk_confirmation_own_look": (
        "FOREIGN KEY(finding_id, incident_id, person_id, person_line, shadow) REFERENCES finding"
        " (id, incident_id, person_id, person_line, shadow)"
    ),
}
SAYS_WHAT = {"ck_incident_debunked_says_what": "CHECK (state <> 'debunked' OR was IS NOT NULL)"}
REFERS = {
    "ck_alert_refers_to_the_first": "CHECK ((kind = 'alert') = (refers_to IS NULL))",
    "fk_alert_refers_to": "FOREIGN KEY(refers_to, incident_id) REFERENCES alert (id, incident_id)",
}
ENDED_BY_SOMEBODY = "trial_ended_at IS NULL OR trial_ended_by_id IS NOT NULL"
ENDED_BY = "CONSTRAINT fk_person_trial_ended_by_id_person REFERENCES person (id)"
CHOICE_KEY = "CONSTRAINT fk_choice_exercise_id_exercise REFERENCES exercise (id)"
PERSON = (
    ("trial_began_at", "{moment}"),
    (
        "trial_ended_by_id",
        f"{{id}} {ENDED_BY} CONSTRAINT ck_person_trial_not_ended_by_oneself CHECK (trial_ended_by_id <> id)",
    ),
    (
        "trial_ended_at",
        f"{{moment}} CONSTRAINT ck_person_trial_ended_by_somebody CHECK ({ENDED_BY_SOMEBODY})",
    ),
)
ONE_AREA = "only_area IS NULL OR CAST(neighborhoods AS TEXT) = '[\"' || only_area || '\"]'"


def upgrade() -> None:
    for column, shape in PERSON:
        _add("person", column, shape)
    _add("broadcast", "only_area", f"VARCHAR(32) CONSTRAINT ck_broadcast_one_area CHECK ({ONE_AREA})")
    op.add_column("rendition", sa.Column("segments_with_word", sa.SmallInteger(), nullable=True))
    op.add_column("contact", sa.Column("check_word", sa.LargeBinary(), nullable=True))
    _own_looks()
    _references()
    op.execute("UPDATE incident SET was = 'something_else' WHERE state = 'debunked' AND was IS NULL")
    _with("incident", SAYS_WHAT)
    for name, (table, columns) in UNIQUE.items():
        op.create_index(name, table, list(columns), unique=True, if_not_exists=True)
    _night_release()
    _one_hand()
    _exercises()


def downgrade() -> None:
    _drop("choice", "exercise_id", f" {CHOICE_KEY}")
    op.drop_table("exercise_part")
    op.drop_table("exercise")
    _two_hands()
    op.drop_table("night_release")
    _without("incident", SAYS_WHAT)
    _without("alert", REFERS, "refers_to")
    _without("confirmation", OWN_LOOK, "shadow")
    for name, (table, _) in reversed(UNIQUE.items()):
        op.drop_index(name, table)
    op.drop_column("contact", "check_word")
    op.drop_column("rendition", "segments_with_word")
    _drop("broadcast", "only_area")
    _drop("person", "trial_ended_at")
    _drop("person", "trial_ended_by_id", f" {ENDED_BY}")
    _drop("person", "trial_began_at")


def _add(table: str, column: str, shape: str) -> None:
    """With its CHECK and key in one statement, as both databases take it."""
    types = {"id": "INTEGER", "moment": "DATETIME"} if on_sqlite() else {"id": "BIGINT", "moment": "TIMESTAMPTZ"}
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {shape.format(**types)}")


def _drop(table: str, column: str, key: str = "") -> None:
    """SQLite drops no column that is a key: the key's words go first."""
    if key and on_sqlite():
        reshape(table, [(key, "")])
    op.drop_column(table, column)


def _with(table: str, constraints: dict[str, str]) -> None:
    if on_sqlite():
        reshape(table, (), [f"CONSTRAINT {name} {rule}" for name, rule in constraints.items()])
        return
    for name, rule in constraints.items():
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")


def _without(table: str, constraints: dict[str, str], column: str = "") -> None:
    if on_sqlite():
        reshape(table, [(f",\n\tCONSTRAINT {name} {rule}", "") for name, rule in constraints.items()])
    else:
        for name in reversed(constraints):
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    if column:
        op.drop_column(table, column)


def _own_looks() -> None:
    op.create_index("uq_finding_counted", "finding", list(UNIQUE["uq_finding_counted"][1]), unique=True)
    _add("confirmation", "shadow", "BOOLEAN DEFAULT false NOT NULL")
    _with("confirmation", OWN_LOOK)


def _references() -> None:
    """What was said before this: an update and all that takes back went to the people of the first alert."""
    op.create_index("uq_alert_of_incident", "alert", list(UNIQUE["uq_alert_of_incident"][1]), unique=True)
    _add("alert", "refers_to", "{id}")
    op.execute(
        "UPDATE alert SET refers_to = (SELECT first.id FROM alert first JOIN broadcast ON"
        " broadcast.same_people_as = first.broadcast_id WHERE broadcast.id = alert.broadcast_id) WHERE kind <> 'alert'"
    )
    _with("alert", REFERS)


def _one_hand() -> None:
    _add("release", "night", "{id}")
    if on_sqlite():
        reshape("release", [(f"({TWO_PEOPLE})", f"({TWO_PEOPLE} OR night IS NOT NULL)")])
    else:
        op.execute("ALTER TABLE release DROP CONSTRAINT ck_release_two_people")
        op.execute(
            f"ALTER TABLE release ADD CONSTRAINT ck_release_two_people CHECK ({TWO_PEOPLE} OR night IS NOT NULL)"
        )
    _with("release", NIGHT)


def _two_hands() -> None:
    """What one hand let out is no release any more, for there is no word for it."""
    op.execute("DELETE FROM release WHERE night IS NOT NULL")
    if on_sqlite():
        reshape("release", [(" OR night IS NOT NULL", "")])
    else:
        op.execute("ALTER TABLE release DROP CONSTRAINT ck_release_two_people")
        op.execute(f"ALTER TABLE release ADD CONSTRAINT ck_release_two_people CHECK ({TWO_PEOPLE})")
    _without("release", NIGHT, "night")


def _key(table: str, columns: tuple[str, ...], to: str, named: str, **more: str) -> sa.ForeignKeyConstraint:
    theirs = [f"{to}.{column}" for column in (more.pop("theirs", "") or ",".join(columns)).split(",")]
    return sa.ForeignKeyConstraint(list(columns), theirs, name=op.f(f"fk_{table}_{named}"), **more)  # type: ignore[arg-type]


def _by_person(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        _key(
            table,
            (f"{column}_id", f"{column}_line"),
            "person",
            f"{column}_id_{column}_line_person",
            theirs="id,line_id",
        )
        for column in columns
    ]


def _check(table: str, rule: str, named: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{named}"))


def _night_release() -> None:
    twenty = (
        "(julianday(expires_at) - julianday(released_at)) * 1440 <= 20.0001"
        if on_sqlite()
        else "expires_at <= released_at + interval '20 minutes'"
    )
    whole = (
        "(reviewed_at IS NULL) = (reviewed_by_id IS NULL) AND (reviewed_at IS NULL) = (reviewed_by_line IS NULL)"
        " AND (reviewed_at IS NULL) = (stands IS NULL)"
    )
    table = "night_release"
    look = ("finding_id", "incident_id", "person_id", "person_line", "saw", "uniform")
    op.create_table(
        table,
        *(
            sa.Column(name, BIG_ID, nullable=False)
            for name in ("broadcast_id", "incident_id", "confirmation_id", "finding_id", "person_id", "person_line")
        ),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("saw", sa.String(24), nullable=False),
        sa.Column("uniform", sa.String(16), nullable=False),
        sa.Column("senior", sa.Boolean(), nullable=False),
        sa.Column("neighborhood", sa.String(32), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_by_id", BIG_ID, nullable=True),
        sa.Column("reviewed_by_line", BIG_ID, nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stands", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("broadcast_id", name=op.f("pk_night_release")),
        sa.UniqueConstraint(
            "broadcast_id", "incident_id", "confirmation_id", "person_id", "person_line",
            name=op.f("uq_night_release_hand"),
        ),
        _key(table, ("broadcast_id", "incident_id"), "alert", "alert"),
        _key(table, ("broadcast_id", "neighborhood", "expires_at"), "broadcast", "one_area", theirs="id,only_area,expires_at"),
        _key(table, ("incident_id", "sensitive"), "incident", "incident", theirs="id,sensitive", onupdate="CASCADE"),
        _key(
            table, ("confirmation_id", "incident_id", "person_id", "person_line", "finding_id"), "confirmation",
            "confirmation", theirs="id,incident_id,person_id,person_line,finding_id",
        ),
        _key(table, look, "finding", "finding", theirs="id,incident_id,person_id,person_line,saw,uniform"),
        _key(
            table, ("person_id", "person_line", "senior"), "person", "senior", theirs="id,line_id,senior", onupdate="CASCADE"
        ),
        *_by_person(table, "reviewed_by"),
        _check(table, "saw = 'immigration'", "saw_immigration"),
        _check(table, "uniform IN ('ICE', 'HSI', 'CBP', 'immigration')", "identified"),
        _check(table, "reviewed_at IS NOT NULL OR (senior AND NOT sensitive)", "senior_and_never_sensitive"),
        _check(table, "expires_at > released_at", "ends_after_it_began"),
        _check(table, twenty, "twenty_minutes_at_most"),
        _check(table, whole, "reviewed_whole"),
        _check(table, "reviewed_by_id <> person_id", "not_reviewed_by_the_same_person"),
        _check(table, "reviewed_by_line <> person_line", "not_reviewed_by_the_same_line"),
    )  # fmt: skip
    op.create_index("ix_night_release_reviewed_at", table, ["reviewed_at"])


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return " OR ".join(f"{column} = '{word}'" for word in words)


def _exercises() -> None:
    saw = ("immigration", "other_police", "something_else", "nobody", "unsure", "unsafe", "gone")
    hands = ("started_by", "confirmed_by", "released_by")
    op.create_table(
        "exercise",
        sa.Column("id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("place_key", sa.String(80), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("neighborhood", sa.String(32), nullable=False),
        sa.Column("truth", sa.String(24), nullable=False),
        sa.Column("uniform", sa.String(16), nullable=False),
        sa.Column("was", sa.String(32), nullable=True),
        sa.Column("people", sa.SmallInteger(), nullable=True),
        sa.Column("vehicles", sa.SmallInteger(), nullable=True),
        *(
            sa.Column(f"{hand}_{part}", BIG_ID, nullable=hand != "started_by")
            for hand in hands
            for part in ("id", "line")
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("words", sa.LargeBinary(32), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exercise")),
        *_by_person("exercise", *hands),
        _check("exercise", "id < 0", "is_no_incident"),
        _check("exercise", _one_of("truth", saw), "truth_known"),
        _check("exercise", "released_by_id IS NULL OR confirmed_by_id IS NOT NULL", "released_when_confirmed"),
        _check("exercise", "released_by_id <> confirmed_by_id", "not_the_same_person"),
        _check("exercise", "released_by_line <> confirmed_by_line", "not_the_same_line"),
        _check("exercise", "(released_at IS NULL) = (words IS NULL)", "bound_to_words"),
    )
    op.create_table(
        "exercise_part",
        sa.Column("exercise_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=False),
        sa.Column("part", sa.String(24), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("saw", sa.String(24), nullable=True),
        sa.Column("uniform", sa.String(16), nullable=False),
        sa.Column("was", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("exercise_id", "person_id", name=op.f("pk_exercise_part")),
        _key("exercise_part", ("exercise_id",), "exercise", "exercise_id_exercise", theirs="id", ondelete="CASCADE"),
        _key("exercise_part", ("person_id",), "person", "person_id_person", theirs="id", ondelete="CASCADE"),
        _check("exercise_part", _one_of("part", ("looks", "releases")), "part_known"),
        _check("exercise_part", _one_of("saw", saw), "saw_known"),
    )
    _add("choice", "exercise_id", f"{{id}} {CHOICE_KEY}")
