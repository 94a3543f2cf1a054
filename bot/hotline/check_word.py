"""WORD garden: a subscriber chooses the word that their genuine alerts carry; WORD says it, WORD OFF ends it."""

from bot.contacts import check_words
from bot.hotline.talk import Talk

OFF = "off"


def word(talk: Talk, argument: str) -> None:
    if not argument:
        _say_it(talk)
    elif argument == OFF:
        check_words.drop(talk.contact)
        talk.say("joining.word_removed")
    elif (trouble := check_words.problem(argument)) is not None:
        talk.say(f"joining.word_refused_{trouble}", shortest=check_words.SHORTEST, longest=check_words.LONGEST)
    else:
        talk.say("joining.word_set", word=check_words.keep(talk.contact, argument))


def _say_it(talk: Talk) -> None:
    theirs = check_words.of(talk.contact)
    if theirs is None:
        talk.say("joining.word_none")
    else:
        talk.say("joining.word_shown", word=theirs)
