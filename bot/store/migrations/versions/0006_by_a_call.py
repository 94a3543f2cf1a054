"""incidents opened by a call, parted and joined; questions to one reporter

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

from bot.store.reshaping import on_sqlite, reshape

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SOURCES = ("text", "call", "radio", "school", "partner", "in_person")
WORDS_OF = ("police_desk", "school_office", "city_office", "on_site", "partner_network", "sent_it")
STATES = (
    "unconfirmed",
    "verifying",
    "confirmed",
    "debunked",
    "not_seen",
    "unverifiable",
    "disputed",
    "ended",
    "retracted",
)
STEPS = {
    "unconfirmed": ("verifying", "debunked", "unverifiable"),
    "verifying": ("confirmed", "debunked", "not_seen", "unverifiable", "disputed", "unconfirmed"),
    "disputed": ("confirmed", "debunked", "not_seen", "unverifiable", "retracted"),
    "confirmed": ("ended", "retracted", "disputed"),
    "not_seen": ("unconfirmed", "retracted"),
    "unverifiable": ("unconfirmed", "retracted"),
    "debunked": ("unconfirmed", "retracted"),
    "ended": ("retracted",),
}
OLD_STEPS = tuple(f"{before}>{after}" for before, afters in STEPS.items() for after in afters)
NEW_STEPS = ("unconfirmed>merged", "verifying>merged", "merged>unconfirmed")
WHYS = ("nobody_free", "place_unclear", "too_long_ago", "unsafe")
RETRACTED, OR_MERGED = "state = 'retracted'", " OR state = 'merged'"
TAKEN_BY = "CONSTRAINT fk_report_taken_by_id_person FOREIGN KEY(taken_by_id) REFERENCES person (id) ON DELETE SET NULL"
PREVIOUS = "fk_incident_step_previous"


def upgrade() -> None:
    _report()
    _incident()
    _regrouping()
    _ruling()
    _relayed()


def downgrade() -> None:
    for table in ("relayed", "ruling", "regrouped", "regrouping"):
        op.drop_table(table)
    _incident_as_before()
    if on_sqlite():
        reshape("report", [(f",\n\t{TAKEN_BY}", "")])
    op.drop_column("report", "taken_by_id")
    op.drop_column("report", "source")


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return " OR ".join(f"{column} = '{word}'" for word in words)


def _of_steps(steps: tuple[str, ...]) -> str:
    pairs = ", ".join(f"'{step}'" for step in steps)
    return f"before || '>' || after IN ({pairs})"


def _report() -> None:
    """Each column with its CHECKs in one statement, as both databases take it."""
    op.execute(
        "ALTER TABLE report ADD COLUMN source VARCHAR(24) DEFAULT 'text' NOT NULL"
        f" CONSTRAINT ck_report_source_known CHECK ({_one_of('source', SOURCES)})"
        " CONSTRAINT ck_report_by_another_has_no_number CHECK (source = 'text' OR contact_id IS NULL)"
    )
    op.add_column("report", sa.Column("taken_by_id", BIG_ID, nullable=True))
    if on_sqlite():
        reshape("report", [], [TAKEN_BY])
    else:
        op.create_foreign_key(
            "fk_report_taken_by_id_person", "report", "person", ["taken_by_id"], ["id"], ondelete="SET NULL"
        )


def _incident() -> None:
    _more_steps()
    op.execute(
        "ALTER TABLE incident ADD COLUMN word_of VARCHAR(24)"
        f" CONSTRAINT ck_incident_word_of_known CHECK ({_one_of('word_of', WORDS_OF)})"
        " CONSTRAINT ck_incident_merged_into_another CHECK ((state = 'merged') = (merged_into IS NOT NULL))"
        " CONSTRAINT ck_incident_not_into_itself CHECK (merged_into <> id)"
    )


def _more_steps() -> None:
    if on_sqlite():
        last = f"'{OLD_STEPS[-1]}'"
        reshape("incident", [(RETRACTED, RETRACTED + OR_MERGED)])
        reshape("incident_step", [(last, last + "".join(f", '{step}'" for step in NEW_STEPS))])
        return
    _check("incident", "state_known", _one_of("state", (*STATES, "merged")), again=True)
    _check("incident_step", "step_allowed", _of_steps((*OLD_STEPS, *NEW_STEPS)), again=True)


def _check(table: str, name: str, rule: str, *, again: bool = False) -> None:
    if again:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def _regrouping() -> None:
    op.create_table(
        "regrouping",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("from_id", BIG_ID, nullable=False),
        sa.Column("into_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("made_sensitive", sa.Boolean(), nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", BIG_ID, nullable=True),
        sa.CheckConstraint("kind = 'merge' OR kind = 'split'", name=op.f("ck_regrouping_kind_known")),
        sa.CheckConstraint("from_id <> into_id", name=op.f("ck_regrouping_two_incidents")),
        _key("regrouping", "from_id", "incident", "CASCADE"),
        _key("regrouping", "into_id", "incident", "CASCADE"),
        _key("regrouping", "person_id", "person", "SET NULL"),
        _key("regrouping", "undone_by_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrouping")),
    )
    op.create_index("ix_regrouping_from_id", "regrouping", ["from_id"])
    op.create_index("ix_regrouping_into_id", "regrouping", ["into_id"])
    merged = sa.text("kind = 'merge' AND undone_at IS NULL")
    op.create_index(
        "uq_regrouping_merged", "regrouping", ["from_id"], unique=True, sqlite_where=merged, postgresql_where=merged
    )
    op.create_table(
        "regrouped",
        sa.Column("regrouping_id", BIG_ID, nullable=False),
        sa.Column("report_id", BIG_ID, nullable=False),
        _key("regrouped", "regrouping_id", "regrouping", "CASCADE"),
        _key("regrouped", "report_id", "report", "CASCADE"),
        sa.PrimaryKeyConstraint("regrouping_id", "report_id", name=op.f("pk_regrouped")),
    )
    op.create_index("ix_regrouped_report_id", "regrouped", ["report_id"])


def _ruling() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("incident_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("was", sa.String(32), nullable=True),
        sa.Column("word_of", sa.String(24), nullable=True),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("why", sa.String(24), nullable=True),
        sa.CheckConstraint(_one_of("word_of", WORDS_OF), name=op.f("ck_ruling_word_of_known")),
        sa.CheckConstraint(_one_of("why", WHYS), name=op.f("ck_ruling_why_known")),
        sa.CheckConstraint("(was IS NULL) = (word_of IS NULL)", name=op.f("ck_ruling_by_whose_word")),
        sa.CheckConstraint("(was IS NULL) <> (why IS NULL)", name=op.f("ck_ruling_one_or_the_other")),
        _key("ruling", "incident_id", "incident", "CASCADE"),
        _key("ruling", "person_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    op.create_index("ix_ruling_incident_id", "ruling", ["incident_id"])


def _relayed() -> None:
    op.create_table(
        "relayed",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("report_id", BIG_ID, nullable=False),
        sa.Column("person_id", BIG_ID, nullable=True),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=True),
        sa.Column("answer_locked", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.CheckConstraint("(what = 'own') = (locked IS NOT NULL)", name=op.f("ck_relayed_own_words")),
        sa.CheckConstraint("answer_locked IS NULL OR answered_at IS NOT NULL", name=op.f("ck_relayed_answered_when")),
        _key("relayed", "report_id", "report", "CASCADE"),
        _key("relayed", "person_id", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relayed")),
    )
    op.create_index("ix_relayed_report_id", "relayed", ["report_id", "asked_at"])


def _key(table: str, column: str, to: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"), ondelete=on_delete)


def _incident_as_before() -> None:
    """What was merged could not be checked by itself, which is the nearest the old words come to it."""
    _let_go_of_new_checks()
    op.execute("UPDATE incident SET state = 'unverifiable', merged_into = NULL WHERE state = 'merged'")
    for column in ("before", "after"):
        op.execute(f"UPDATE incident_step SET {column} = 'unverifiable' WHERE {column} = 'merged'")  # noqa: S608
    if on_sqlite():
        reshape("incident", [(OR_MERGED, "")])
        reshape("incident_step", [("".join(f", '{step}'" for step in NEW_STEPS), "")])
        return
    _check("incident", "state_known", _one_of("state", STATES))
    _check("incident_step", "step_allowed", _of_steps(OLD_STEPS))
    op.create_foreign_key(
        PREVIOUS,
        "incident_step",
        "incident_step",
        ["incident_id", "previous", "before"],
        ["incident_id", "seq", "after"],
    )


def _let_go_of_new_checks() -> None:
    op.drop_column("incident", "word_of")
    if on_sqlite():
        return
    op.drop_constraint(PREVIOUS, "incident_step", type_="foreignkey")
    op.drop_constraint(op.f("ck_incident_step_step_allowed"), "incident_step", type_="check")
    for name in ("merged_into_another", "not_into_itself", "state_known"):
        op.drop_constraint(op.f(f"ck_incident_{name}"), "incident", type_="check", if_exists=True)
