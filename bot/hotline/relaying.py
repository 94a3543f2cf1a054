"""They answer a volunteer's question: it goes to whoever asked, and to the report it was about."""

from bot.hotline.talk import Talk
from bot.moderation import relaying


def answered(talk: Talk, relayed_id: int) -> bool:
    """Whether the talk with that volunteer still went on, and took it."""
    report = relaying.heard(talk.session, relayed_id, talk.heard.message.text)
    if report is None:
        return False
    talk.report = report
    talk.answered()
    talk.say("relay.thanks")
    return True
