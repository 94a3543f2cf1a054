"""passkeys, planned shifts, recovery by two

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

from bot.store.reshaping import on_sqlite, reshape

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ROLES = "role = 'verifier' OR role = 'dispatcher' OR role = 'organizer' OR role = 'coordinator'"
RUNNING = sa.text("ended_at IS NULL")
COLUMNS = (("confirmed_by_id", ID), ("confirmed_by_line", ID), ("ended_at", MOMENT))
COLUMNS_ON_SQLITE = ("confirmed_by_id INTEGER", "confirmed_by_line INTEGER", "ended_at DATETIME")
BY_SOMEBODY = (
    "CONSTRAINT fk_invitation_confirmed_by_id_confirmed_by_line_person "
    "FOREIGN KEY (confirmed_by_id, confirmed_by_line) REFERENCES person (id, line_id)"
)
OF_ANOTHER_LINE = "CONSTRAINT ck_invitation_confirmed_by_another_line CHECK (confirmed_by_line IS NULL OR confirmed_by_line <> line_id)"
A_SECOND = (
    "CONSTRAINT ck_invitation_a_second_where_it_takes_two CHECK "
    "(used_at IS NULL OR role = 'verifier' OR invited_by IS NULL OR confirmed_by_id IS NOT NULL)"
)
SECOND = (BY_SOMEBODY, OF_ANOTHER_LINE, A_SECOND)
"""Whoever can do more than look is let in by two lines."""


def upgrade() -> None:
    _last_here()
    _a_second_for_invitations()
    _passkeys()
    _recovery()
    _role_change()


def downgrade() -> None:
    op.drop_table("role_change")
    op.drop_table("recovery")
    op.drop_table("challenge")
    op.drop_index("ix_passkey_person_id", table_name="passkey")
    op.drop_table("passkey")
    _no_second_for_invitations()
    for column in ("key_handle", "suspended_at", "last_here_at"):
        op.drop_column("person", column)


def _last_here() -> None:
    op.add_column("person", sa.Column("last_here_at", MOMENT, nullable=True))
    op.add_column("person", sa.Column("suspended_at", MOMENT, nullable=True))
    op.add_column("person", sa.Column("key_handle", sa.LargeBinary(length=32), nullable=True))
    # Sessions are not kept long: of whom nothing is known any more we say that they are here today.
    op.execute(
        sa.text(
            "UPDATE person SET last_here_at = coalesce("
            "(SELECT max(last_seen_at) FROM signed_in WHERE person_id = person.id), CURRENT_TIMESTAMP)"
        )
    )


def _a_second_for_invitations() -> None:
    """Links that were used before this rule tell nobody anything any more; who came in by them stays."""
    op.execute(
        sa.text("DELETE FROM invitation WHERE used_at IS NOT NULL AND role <> 'verifier' AND invited_by IS NOT NULL")
    )
    if on_sqlite():
        reshape("invitation", (), add=[*COLUMNS_ON_SQLITE, *SECOND])
        return
    for name, kind in COLUMNS:
        op.add_column("invitation", sa.Column(name, kind, nullable=True))
    for constraint in SECOND:
        op.execute(f"ALTER TABLE invitation ADD {constraint}")


def _no_second_for_invitations() -> None:
    if on_sqlite():
        reshape("invitation", [(f",\n\t{each}", "") for each in (*COLUMNS_ON_SQLITE, *SECOND)])
        return
    for constraint in SECOND:
        op.execute(f"ALTER TABLE invitation DROP CONSTRAINT {constraint.split()[1]}")
    for name, _ in COLUMNS:
        op.drop_column("invitation", name)


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", ID, nullable=False),
        sa.Column("may_sync", sa.Boolean(), nullable=False),
        sa.Column("is_synced", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkey_counts_up")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
        info={"kept": "to know you by your own device", "days": None, "by": "created_at"},
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"], unique=False)
    op.create_table(
        "challenge",
        sa.Column("id", ID, nullable=False),
        sa.Column("question", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=24), nullable=False),
        sa.Column("holder", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "purpose = 'enter' OR purpose = 'prove' OR purpose = 'add'", name=op.f("ck_challenge_purpose_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
        sa.UniqueConstraint("question", name=op.f("uq_challenge_question")),
        info={"kept": "to put a question to your device once", "days": 1, "by": "expires_at"},
    )
    op.create_index(op.f("ix_challenge_holder"), "challenge", ["holder"], unique=False)
    op.create_index(op.f("ix_challenge_expires_at"), "challenge", ["expires_at"], unique=False)


def _recovery() -> None:
    op.create_table(
        "recovery",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        *_hands("recovery"),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("used_at IS NULL OR agreed_at IS NOT NULL", name=op.f("ck_recovery_used_when_agreed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_recovery_token_hash")),
        info={"kept": "to let back in who lost their keys, once", "days": 30, "by": "expires_at"},
    )
    _one_at_a_time("recovery")


def _role_change() -> None:
    op.create_table(
        "role_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        *_hands("role_change"),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(ROLES, name=op.f("ck_role_change_role_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_change")),
        info={"kept": "who gave whom which role", "days": 730, "by": "created_at"},
    )
    _one_at_a_time("role_change")


def _hands(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Two people of two lines, as the models say (`agreed_models.two_hands`)."""
    return (
        sa.Column("asked_by_id", ID, nullable=False),
        sa.Column("asked_by_line", ID, nullable=False),
        sa.Column("agreed_by_id", ID, nullable=True),
        sa.Column("agreed_by_line", ID, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id_person", ondelete="CASCADE"),
        *(
            sa.ForeignKeyConstraint(
                [f"{hand}_id", f"{hand}_line"],
                ["person.id", "person.line_id"],
                name=f"fk_{table}_{hand}_id_{hand}_line_person",
            )
            for hand in ("asked_by", "agreed_by")
        ),
        sa.CheckConstraint("asked_by_id <> person_id", name=op.f(f"ck_{table}_not_asked_by_themselves")),
        sa.CheckConstraint(
            "agreed_by_id IS NULL OR agreed_by_id <> person_id", name=op.f(f"ck_{table}_not_agreed_by_themselves")
        ),
        sa.CheckConstraint(
            "agreed_by_line IS NULL OR agreed_by_line <> asked_by_line", name=op.f(f"ck_{table}_two_lines")
        ),
        sa.CheckConstraint(
            "(agreed_by_id IS NULL) = (agreed_at IS NULL) AND (agreed_by_id IS NULL) = (agreed_by_line IS NULL)",
            name=op.f(f"ck_{table}_agreed_by_somebody"),
        ),
    )


def _one_at_a_time(table: str) -> None:
    op.create_index(
        f"uq_{table}_running", table, ["person_id"], unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING
    )
