"""Does any text say what Contigo never says?"""

import re

import pytest

from tests.messages import every_text

NEVER = {
    "a rescue promised": r"\bhelp is coming|we are coming|we'?re on our way|on (?:our|the) way to you|vamos en camino"
    r"|ya vamos para all|llegamos en \d|la ayuda va\b",
    "safety promised": r"\ball[ -]clear\b|\bit is safe\b|\byou are safe\b|\bsafe zone|zona segura|todo despejado"
    r"|\bes seguro (?:salir|ir|pasar)|\best[aá] a salvo\b|no hay peligro|(?<!mean )\bno danger\b",
    "avoid": r"\bavoid (?:the |this )?(?:area|street|place|corner)|\bevite (?:la|el|esa|ese) (?:zona|calle|lugar|esquina)",
    "entry denied": r"they cannot come in|they can'?t come in|no pueden entrar|they may not enter your home"
    r"|ICE cannot enter|tienen prohibido entrar",
    "getting in the way": r"(?<!not )(?<!never )(?<!or )\b(?:block|follow|chase|confront) (?:them|the|any) (?:agents|cars?|vans?)"
    r"|s[ií]galos|bloqu[eé]elos|enfr[eé]ntelos|esc[oó]ndalos|hide them|stop them from|deténgalos",
    "a sure outcome": r"\bwe guarantee|garantizamos|you will win|va a ganar su caso|they have to let you go"
    r"|lo tienen que soltar",
    "who we are, hard-coded": r"not (?:the |a )?government|no somos (?:del )?gobierno|of the city of|de la ciudad de",
}
A_LIE_OUGHT_TO_BE_NAMED = {"notices.wrong_promise"}
"""Tells organizers which words not to use, and so has to say them."""


@pytest.mark.parametrize("what", NEVER)
def test_no_text_holds(what: str) -> None:
    said = [
        f"{each.where} ({each.language}): {found.group()}"
        for each in every_text.everything()
        if each.where not in A_LIE_OUGHT_TO_BE_NAMED and (found := re.search(NEVER[what], each.text, re.IGNORECASE))
    ]
    assert said == []


def test_the_patterns_catch_what_they_are_for() -> None:
    caught = {
        "a rescue promised": "Help is coming.", "safety promised": "All clear on Pacific", "avoid": "Evite la zona",
        "entry denied": "ICE no pueden entrar", "getting in the way": "Follow the agents", "a sure outcome":
        "We guarantee it", "who we are, hard-coded": "Contigo, not government",
    }  # fmt: skip
    assert caught.keys() == NEVER.keys()
    assert [what for what, text in caught.items() if not re.search(NEVER[what], text, re.IGNORECASE)] == []


def test_plates_are_named_only_to_say_that_we_want_none() -> None:
    plates = re.compile(r"(?i)\b(?:plates?|placas)\b")
    refused = re.compile(r"(?i)\b(?:no|sin|nunca|ni|never)\b[^.?!]*\b(?:plates?|placas)\b")
    asked = [
        f"{each.where}: {sentence}"
        for each in every_text.everything()
        for sentence in re.split(r"(?<=[.?!])\s", each.text)
        if plates.search(sentence) and not refused.search(sentence)
    ]
    assert asked == []


@pytest.mark.usefixtures("nobody_called")
def test_no_number_stands_in_a_text_outside_the_directory() -> None:
    """A number in the catalog could not be withheld when it is dead. 911 is the one that always answers."""
    numbers = re.compile(r"\b(?:\d{3}-\d{3}-\d{4}|988|211)\b")
    assert [each.where for each in every_text.from_the_catalog() if numbers.search(each.text)] == []
    assert [each.where for each in every_text.from_rights(demo=False) if numbers.search(each.text)] == []
