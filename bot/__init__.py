"""What the hotline knows and decides: one folder per word. Imports go down this page only.

wsgi, __main__    where the parts are put together (workers/ stand beside them)
hotline           residents: a text comes in, an answer goes out
console           web pages for volunteers and organizers
public            what anybody may see
stewardship       what we keep, how long, who may ask
alerts, notices   what a neighborhood is told; organizers' aid messages
moderation        what is true: claims, findings, verdicts, paging
reports           what residents saw
incidents         the thing that is true or not
outbox, inbox     every message that must leave; every message that came in
subscriptions     who asked to hear about where
people            volunteers and organizers
rights            know-your-rights answers
contacts          one number: sealed, tagged, channel, language, STOP
channels          carriers
places, privacy   neighborhoods and the gazetteer; numbers, keys, texts, audit
store             engine, session, column types, migrations
settings, clock   every setting; the time   (messages/ lies between them and store)
"""
