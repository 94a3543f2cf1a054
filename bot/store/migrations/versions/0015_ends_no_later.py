"""an end moves only nearer, a night's as well

Revision 0015, after 0013. The triggers that refuse a later end are hung after every migration (`bot.store.no_later`).
"""

from alembic import op

from bot.store.no_later import TABLES
from bot.store.reshaping import on_sqlite, reshape

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

Key = tuple[str, tuple[str, ...], tuple[str, ...], str | None]
TOGETHER: list[Key] = [
    ("one_area", ("broadcast_id", "neighborhood", "expires_at"), ("id", "only_area", "expires_at"), None)
]
APART: list[Key] = [
    ("one_area", ("broadcast_id", "neighborhood"), ("id", "only_area"), None),
    ("end", ("broadcast_id", "expires_at"), ("id", "expires_at"), "CASCADE"),
]
"""The area stays as it was said; an end that comes sooner is told to the night's own row."""


def upgrade() -> None:
    _instead_of(TOGETHER, APART)


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TRIGGER IF EXISTS no_later_{table}" + ("" if on_sqlite() else f" ON {table}"))
    if not on_sqlite():
        op.execute("DROP FUNCTION IF EXISTS end_no_later()")
    _instead_of(APART, TOGETHER)


def _instead_of(old: list[Key], new: list[Key]) -> None:
    if on_sqlite():
        reshape("night_release", [(_words(old), _words(new))])
    else:
        for named, *_ in old:
            op.drop_constraint(op.f(f"fk_night_release_{named}"), "night_release", type_="foreignkey")
    for named, *_ in old:
        op.drop_index(f"uq_broadcast_{named}", "broadcast")
    for named, _, theirs, _ in new:
        op.create_index(f"uq_broadcast_{named}", "broadcast", list(theirs), unique=True)
    if not on_sqlite():
        for named, ours, theirs, onupdate in new:
            name = op.f(f"fk_night_release_{named}")
            op.create_foreign_key(name, "night_release", "broadcast", list(ours), list(theirs), onupdate=onupdate)


def _words(keys: list[Key]) -> str:
    """As SQLite keeps them in the table's definition."""
    return ", \n\t".join(
        f"CONSTRAINT fk_night_release_{named} FOREIGN KEY({', '.join(ours)}) REFERENCES broadcast ({', '.join(theirs)})"
        + (f" ON UPDATE {onupdate}" if onupdate else "")
        for named, ours, theirs, onupdate in keys
    )
