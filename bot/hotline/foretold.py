"""What would a stranger's command be answered, on a quiet day? Without a database: `preview` asks it."""

from bot.alerts import spelling
from bot.clock import ahead, now
from bot.contacts import check_words
from bot.hotline.command import Command
from bot.places import gazetteer, neighborhoods
from bot.settings import settings
from bot.stewardship.forget import UNREADABLE_DAYS
from bot.subscriptions.models import AidKind
from messages import catalog, languages
from messages.formats import day, joined

OFF = "off"
SOME_CODE = "1234"
WORDS_FOR = {
    "STOP": "hotline.stopped", "START": "hotline.started_new", "DELETE": "hotline.deleted", "FORGET": "hotline.forgotten",
    "REPORT": "hotline.report_how", "RIGHTS": "hotline.rights_menu", "MORE": "hotline.more_nothing", "HELP": "hotline.help",
    "SOS": "emergencies.first_other", "NUMBER": "hotline.number_unasked", "CODE": "hotline.number_unasked",
    "JOIN": "hotline.welcome", "WHO": "hotline.who", "DATA": "hotline.data", "CHECK": "hotline.check_where",
    "CHECK_WORD": "joining.word_none", "LANG": "hotline.language_ask", "AID": "hotline.aid_none", "HOME": "hotline.home_code",
    "LEAVE": "joining.not_found", "NEVER_MIND": "hotline.never_mind", "AFFIRM": "hotline.here", "DENY": "hotline.here",
}  # fmt: skip


def to_command(command: Command, language: str) -> str:
    """The first words; those of CHECK with a place are `preview`'s own."""
    answer = WITH_WORDS.get(command.name)
    said = answer(command.argument, language) if answer and command.argument else None
    return said or catalog.text(WORDS_FOR.get(command.name, "hotline.menu"), language, **_facts(language))


def _facts(language: str) -> dict[str, object]:
    """What a stranger would read where an answer tells of us or of them."""
    return {
        "operator": settings().operator_name or catalog.text("hotline.operator_unnamed", language),
        "day": day(ahead(days=UNREADABLE_DAYS), language),
        "areas": catalog.text("hotline.data_none", language),
        "spoken": languages.language(language).own_name,
        "month": f"{now():%Y-%m}",
        "channel": "sms",
        "reports": 0,
        "code": SOME_CODE,
        "within": settings().home_code_minutes,
    }


def _join(said: str, language: str) -> str:
    area = _area(said, language)
    return catalog.text("joining.confirm", language, area=area) if area else catalog.text("joining.not_found", language)


def _leave(said: str, language: str) -> str | None:
    area = _area(said, language)
    none = catalog.text("hotline.data_none", language)
    return catalog.text("joining.left_nothing", language, area=area, areas=none) if area else None


def _area(said: str, language: str) -> str | None:
    found = gazetteer.find_area(said)
    one = len(found.neighborhoods) == 1 and not found.ask
    return neighborhoods.name_of(found.neighborhoods[0], language) if one else None


def _language(wanted: str, _language: str) -> str:
    if languages.is_complete(wanted):
        return catalog.text("hotline.language_set", wanted)
    name = languages.language(wanted).own_name
    return catalog.text("hotline.language_not_yet", languages.chain(wanted)[-1], name=name)


def _aid(said: str, language: str) -> str | None:
    if said == OFF:
        return catalog.text("hotline.aid_left", language)
    if said not in set(AidKind):
        return None
    kinds = joined([catalog.text(f"hotline.aid_{said}", language)], language)
    return catalog.text("hotline.aid_joined_no_area", language, kinds=kinds)


def _check_word(said: str, language: str) -> str:
    if said == OFF:
        return catalog.text("joining.word_removed", language)
    if (trouble := check_words.problem(said)) is not None:
        bounds = {"shortest": check_words.SHORTEST, "longest": check_words.LONGEST}
        return catalog.text(f"joining.word_refused_{trouble}", language, **bounds)
    return catalog.text("joining.word_set", language, word=check_words.plainly(said))


def _check(said: str, language: str) -> str | None:
    code = spelling.exact(said)
    if code is None:
        return None
    return catalog.text("alerts.known_unknown_code", language, code=code)


def _home(_said: str, language: str) -> str:
    return catalog.text("hotline.home_no_code", language)


WITH_WORDS = {
    "JOIN": _join, "LEAVE": _leave, "LANG": _language, "AID": _aid, "CHECK_WORD": _check_word, "CHECK": _check, "HOME": _home,
}  # fmt: skip
