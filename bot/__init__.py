"""What the hotline knows and decides: one folder per word. Imports go down this page only.

wsgi, __main__    where the parts are put together (workers/ stand beside them)
doctor, demo      what is missing before going live; sample people, and the tour that plays the whole story
hotline, console, public    residents: a text comes in, an answer goes out; web pages for staff; what anybody may see
health            whether the hotline works, and what to do when it does not
stewardship       what we keep, how long, who may ask
alerts, notices   what a neighborhood is told; organizers' aid messages
exercises         SIMULACRO: volunteers rehearse, and nothing real finds it
moderation        what is true: claims, findings, verdicts, paging
photos            what residents show: fetched, painted anew, shown to staff
reports           what residents saw
incidents         the thing that is true or not
outbox, inbox     every message that must leave; every message that came in
subscriptions, people, rights    who asked to hear about where; volunteers and organizers; know-your-rights answers
contacts          one number: sealed, tagged, channel, language, STOP
channels          carriers
places, privacy   neighborhoods and the gazetteer; numbers, keys, texts, audit
store             engine, session, column types, migrations   (messages/ lies below it: every word a person reads)
logging           which fields may be logged at all
settings, clock   every setting; the time
"""
