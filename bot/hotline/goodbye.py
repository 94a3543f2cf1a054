"""DELETE reached us late: how do they hear that it is done, when nobody can write to them any more once it is?

The last words leave first, by their lane, and while they wait nothing else does: this person counts as stopped. The text itself
stays at the carrier's as one that has not entered, and the next reading of the list comes back to it. When the words have left,
or cannot, it enters, and nothing of them is left.
"""

from sqlalchemy import select

from bot.contacts.models import find_or_add
from bot.hotline import commands
from bot.hotline.inbound import Inbound
from bot.hotline.leaving import last_words
from bot.hotline.talk import FIRST_LANGUAGE
from bot.inbox import keeping
from bot.outbox import answers
from bot.outbox.delivery_models import Delivery, Reason, State
from bot.store.alone import alone
from bot.store.session import writing
from messages import languages

ERASING = ("DELETE", "FORGET")
STILL_LEAVING = (State.WAITING, State.CLAIMED, State.UNKNOWN)


def may_go(message: Inbound) -> bool:
    """Whether this text may enter now: any may, but one that erases everything waits for its own answer to leave."""
    command = commands.read(message.text)
    if command is None or command.name not in ERASING:
        return True
    with writing() as session:
        alone(session, f"goodbye:{message.sid}")
        if keeping.known(session, {message.sid}):
            return True  # the webhook has brought it meanwhile
        contact = find_or_add(session, message.address, message.channel, message.whatsapp_id)
        language = next(
            filter(languages.is_complete, filter(None, (command.language, contact.language))), FIRST_LANGUAGE
        )
        key, values = last_words(command.name, languages.base(language))
        said = select(Delivery).where(Delivery.of_contact(contact.id)[0], Delivery.key == key)
        before = session.scalars(said.where(Delivery.created_at == message.at)).first()
        if before is not None:
            return before.state not in STILL_LEAVING
        contact.heard_on(message.channel, message.at)
        contact.stop(message.at)
        answer = answers.answer(
            session, contact, key, reason=Reason.WROTE_TO_US, language=languages.base(language), **values
        )
        answer.created_at = message.at
    return False
