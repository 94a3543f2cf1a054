"""`python -m bot ...`: everything an operator does from a shell."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.store import migrate as migration

if TYPE_CHECKING:
    from datetime import date

    from bot.rights.topic import Topic

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
demo = typer.Typer(
    no_args_is_help=True, help="Practice: sample people, subscribers and alerts, in a demo database only."
)
app.add_typer(demo, name="demo")
rights = typer.Typer(no_args_is_help=True, help="For those who review what we answer about rights (docs/rights.md).")
app.add_typer(rights, name="rights")


@app.command()
def migrate() -> None:
    """Bring the database to today's tables. Safe to repeat; run before each start (`release` in the Procfile)."""
    migration.migrate()
    typer.echo("The database has today's tables.")


@app.command()
def keys() -> None:
    """Print a fresh set of keys as environment lines. Keep them apart from the database and its backups."""
    from bot.privacy.keys import fresh

    for name, value in fresh().items():
        typer.echo(f"{name}={value}")


@app.command()
def doctor() -> None:
    """Say what is missing or wrong before going live, with the mend. Exit 1 if anything serious is."""
    from bot.doctor import examine

    ailments = examine()
    for ailment in ailments:
        typer.echo(str(ailment))
    serious = sum(ailment.serious for ailment in ailments)
    typer.echo(f"{serious} to mend before going live, {len(ailments) - serious} to look at.")
    raise typer.Exit(1 if serious else 0)


@app.command()
def invite(
    founder: Annotated[str, typer.Option(help="Start a new invitation line under this name")],
    role: Annotated[str, typer.Option(help="organizer or coordinator")] = "coordinator",
) -> None:
    """Invite a founder: prints a link to send and a code to tell by voice. Others are invited in the console."""
    from bot.people.invitations import found
    from bot.people.models import Role
    from bot.settings import settings
    from bot.store.session import writing

    with writing() as session:
        told = found(session, founder, Role(role))
    link = f"{settings().public_base_url}/console/invitation/{told.token}"
    typer.echo(f"Link, once, for {settings().invitation_hours} hours: {link}")
    typer.echo(f"Code, told by voice: {told.code}")


@app.command()
def neighborhoods() -> None:
    """List the neighborhoods we cover: id, name, ZIPs, neighbors."""
    from bot.places.neighborhoods import all_neighborhoods

    for area in all_neighborhoods():
        typer.echo(f"{area.id:14} {area.name:38} {' '.join(area.zips):24} {' '.join(area.adjoins)}")


@app.command()
def languages(
    language: Annotated[list[str] | None, typer.Option(help="Only this one; again for more")] = None,
) -> None:
    """List every file of words by language: who reviewed it, and the mark by which it is signed (docs/languages.md)."""
    from bot.rights.signatures import signatures
    from messages.languages import WRITTEN

    for signature in signatures(language or WRITTEN):
        typer.echo(str(signature))


@app.command()
def understand() -> None:
    """Read texts from standard input (one a line, or JSON lines) and print what the hotline makes of each, as JSON."""
    from bot.hotline.preview import explained

    for text, language in _texts():
        typer.echo(json.dumps(explained(text, language), ensure_ascii=False))


@app.command()
def segments(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="JSON lines in and out; the text is counted as it stands")
    ] = False,
) -> None:
    """Count what a text costs: encoding, characters, segments, and the characters that cost."""
    from bot.channels import segments as counting

    if jsonl:
        for text, _ in _texts():
            measured = counting.measure(text)
            typer.echo(
                json.dumps({"encoding": measured.encoding, "units": measured.units, "segments": measured.segments})
            )
        return
    typer.echo(json.dumps(counting.report(sys.stdin.read().rstrip("\n")), ensure_ascii=False, indent=2))


@app.command()
def clips() -> None:
    """List the recordings for mostly spoken languages, which of them are sent, and the lines that the others lack."""
    from bot.outbox import clips as recorded

    for clip in recorded.known():
        why = recorded.why_not(clip)
        typer.echo(f"{clip.name:56} {f'not sent: {why}' if why else f'sent, heard by {clip.heard_by}'}")
        if why in recorded.ASKS_A_LISTENER:
            typer.echo(recorded.note_to_sign(clip))
    if not recorded.known():
        typer.echo("Nobody has recorded anything yet: messages/clips/README.md says how.")


@rights.command()
def sheet(
    language: Annotated[
        list[str] | None, typer.Option(help="A language to read beside the English, again for more; else all")
    ] = None,
    topic: Annotated[list[str] | None, typer.Option(help="A topic's id, again for more; else all")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it here; else to standard output")] = None,
) -> None:
    """Print a review sheet of every rights text: a page to open in a browser, to print and to sign."""
    from bot.rights import sheet as review_sheet

    page = review_sheet.page(_today(), *_asked_for(language or [], topic or []))
    if out is None:
        typer.echo(page)
    else:
        out.write_text(page, encoding="utf-8")


@rights.command()
def overdue(
    within: Annotated[int, typer.Option(min=0, help="And what falls due in so many days")] = 0,
) -> None:
    """List the texts to be read again, the translations to be signed and the numbers to be called. Exit 1 if there are any."""
    from datetime import timedelta

    from bot.rights.due import due

    found = due(_today(), timedelta(days=within))
    for each in found:
        typer.echo(str(each))
    raise typer.Exit(1 if found else 0)


def _asked_for(codes: list[str], ids: list[str]) -> tuple[list[str], "list[Topic]"]:
    """The languages and topics that somebody named, or all. What we do not have ends the command with its name."""
    from bot.rights import library
    from messages import languages

    written = set(library.topic("door").words)
    known = {topic.id: topic for topic in library.topics()}
    if unknown := [name for name in (*codes, *ids) if name not in written | known.keys()]:
        raise typer.BadParameter(f"we have no {', '.join(unknown)}. Languages: {', '.join(sorted(written))}")
    return codes or list(languages.COMPLETE), [known[name] for name in ids] or list(known.values())


def _today() -> "date":
    from bot.clock import local, now

    return local(now()).date()


@demo.command()
def people() -> None:
    """Make the demo's volunteers and organizers, once, and say how to sign in as each."""
    from bot.demo.people import introduce

    introduce()


@demo.command()
def code(name: str) -> None:
    """The one-time code of a demo account, as its phone would show it."""
    from bot.demo.people import one_time_code

    typer.echo(one_time_code(name))


@demo.command()
def seed(
    subscribers: Annotated[int, typer.Option(min=1)],
    neighborhood: Annotated[str, typer.Option(help="All of them there; else spread over all neighborhoods")] = "",
) -> None:
    """Make subscribers with numbers that cannot be real."""
    from bot.demo.seed import seed as sow

    sow(subscribers, neighborhood or None)


@demo.command()
def alert(neighborhood: Annotated[str, typer.Option(help="Where: a neighborhood's id")]) -> None:
    """Confirm an incident and release its alert, by two demo people, through the same rules as the real thing."""
    from bot.demo.alert import raise_alert

    raise_alert(neighborhood)


@demo.command()
def tour() -> None:
    """Play the whole story against the running demo, with live progress. Exit 1 where it does not hold."""
    from bot.demo.tour import play

    raise typer.Exit(0 if play() else 1)


def _texts() -> Iterator[tuple[str, str | None]]:
    """Each line of standard input: plain text, or a JSON object with `text` and perhaps `language`."""
    for line in sys.stdin:
        line = line.rstrip("\n")
        try:
            given = json.loads(line) if line.lstrip().startswith("{") else None
        except json.JSONDecodeError:
            given = None
        if isinstance(given, dict) and isinstance(given.get("text"), str):
            yield given["text"], given.get("language")
        else:
            yield line, None


if __name__ == "__main__":
    app()
