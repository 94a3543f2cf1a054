"""Does the review sheet hold every word that people get, beside its English, and need nothing but paper?"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from html import escape, unescape
from html.parser import HTMLParser

import pytest

from bot.rights import library, review, sheet
from bot.rights.topic import Saying
from messages import catalog, languages

TODAY = date(2026, 11, 22)
ALONE = ("meta", "br", "img", "input", "hr", "link")


def printed(*codes: str, topics: Sequence[library.Topic] | None = None) -> str:
    return sheet.page(TODAY, codes, topics or library.topics())


def words(page: str) -> str:
    return unescape(re.sub(r"\s+", " ", page))


def everything(topic: library.Topic, language: str, demo: bool) -> list[str]:
    said: list[str] = [library.answer(topic.id, language, demo)]
    while (more := library.more(topic.id, language, len(said) - 1, demo)) is not None:
        said.append(more)
    return said


@pytest.mark.parametrize("language", languages.COMPLETE)
def test_every_text_that_people_get_stands_in_it_beside_the_english(language: str) -> None:
    page = words(printed(language))
    absent = [
        (topic.id, code, text)
        for topic in library.topics()
        for code in {language, "en"}
        for demo in (True, False)
        for text in everything(topic, code, demo)
        if " ".join(text.split()) not in page
    ]
    assert absent == []


def test_so_do_the_facts_the_sources_the_dates_and_the_words_that_bring_it() -> None:
    page = words(printed("es"))
    for topic in library.topics():
        assert all(" ".join(source.split()) in page for source in topic.sources), topic.id
        assert page.count(f": {topic.review_by.isoformat()} ·"), topic.id
        assert ", ".join(topic.situation_words["es"]) in page, topic.id
    assert "Keep the door closed; talk through it." in page
    assert "%{" not in page


def test_what_is_said_to_a_cry_for_help_is_read_as_well() -> None:
    page = words(printed("ko"))
    for key in (*review.SAID_IN_DANGER, *review.SAID_WITH_ANY):
        assert catalog.text(key, "ko") in page and catalog.text(key, "en") in page


def test_all_languages_stand_beside_the_english_when_none_is_named() -> None:
    page = words(printed(*languages.COMPLETE, topics=[library.topic("door")]))
    assert all(library.answer("door", code, demo=False) in page for code in languages.COMPLETE)
    assert all(languages.language(code).own_name in page for code in languages.COMPLETE if code != "en")


@pytest.mark.usefixtures("nobody_called")
def test_a_text_whose_number_nobody_called_is_shown_without_it_and_with_it() -> None:
    lawyer = words(printed("es", topics=[library.topic("lawyer")]))
    assert "800-593-8222" in lawyer and "nadie ha llamado" in lawyer
    today, once = library.answer("lawyer", "es", demo=False), library.answer("lawyer", "es", demo=True)
    beside = lawyer[lawyer.index(today) :]
    assert today != once and 0 < beside.index("Cuando sus números estén verificados") < beside.index(once)


def test_a_lawyer_signs_each_topic_and_a_translator_the_whole_translation() -> None:
    spanish, khmer = printed("es"), printed("km")
    assert all(f"de {topic.id} tienen la marca {topic.mark}" in spanish for topic in library.topics())
    assert spanish.count("Firma</dt>") == len(library.topics())
    assert khmer.count("Signature</dt>") == 1
    assert f"have the mark {library.translation_mark('km')}" in khmer
    assert (
        khmer.count("<p>Remarks</p>") == len(library.topics()) + 2
    )  # the translation, and the texts beside every topic


@pytest.mark.usefixtures("nobody_signed")
def test_it_says_how_each_topic_stands_and_whose_law_is_moving() -> None:
    signed = replace(
        library.topic("door"), reviewed_by="A. Lawyer", reviewed_on=TODAY, reviewed_mark=library.topic("door").mark
    )
    page = printed("en", topics=[signed, library.topic("lawyer")])
    assert "A. Lawyer, 2026-11-22" in page and page.count("Nobody has reviewed it") == 2
    assert page.count("The law is moving") == 1
    assert "Changed since it was signed" in printed("en", topics=[replace(signed, mark="v0000000")])


class Tags(HTMLParser):
    """Every tag is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attributes)))
        if tag not in ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_needs_nothing_beside_it_and_prints_a_topic_on_a_page_of_its_own() -> None:
    tags = Tags()
    tags.feed(page := printed("zh"))
    assert tags.open == []
    assert {"script", "link", "img", "iframe", "form"} & {tag for tag, _ in tags.seen} == set()
    links = [given["href"] or "" for tag, given in tags.seen if tag == "a"]
    ids = {given.get("id") for _, given in tags.seen}
    assert links and all(link.startswith("#") and link[1:] in ids for link in links)
    assert "url(" not in page and "@import" not in page
    assert "break-before: page" in page and "@media print" in page
    assert {given.get("lang") for _, given in tags.seen} >= {"en", "zh"}


def test_what_looks_like_a_tag_is_printed_as_letters() -> None:
    door = library.topic("door")
    odd = replace(door, sources=("<script>alert(1)</script>",), facts=("a < b & c",))
    page = printed("en", topics=[odd])
    assert "<script>" not in page and escape("<script>alert(1)</script>") in page and "a &lt; b &amp; c" in page


@pytest.mark.usefixtures("nobody_called")
def test_the_dearer_form_of_a_text_is_what_it_is_said_to_cost() -> None:
    short = Saying("Hola. ", with_phone="x" * 200 + " %{phone_oia}")
    assert review.Text("es", short.said(demo=False), short.said(demo=True)).segments == 2
    assert review.Text("es", short.said(demo=False)).segments == 1
