"""What would Twilio do? A Twilio on your own machine, over HTTP, faults included.

It imports nothing of `bot`, and `bot` nothing of it: they meet over HTTP only. What is faithful and what is not:
`docs/simulator.md`.

    config      which flags and variables?       app         which routes?
    __main__    how does it start and stop?      process     how does a test start one?
    exchange    the whole of it, tied together   timeline    what happens next, and when?
    entrance    what stands before a request?    auth        who may call; how are our requests signed?
    rest        Messages over REST               creating    is this request to send acceptable?
    paging      which rows does a list show?     attachments Media over REST
    refusals    how does Twilio say no?          messages    what is one message?
    ledger      which messages were there?       segments    how long is a text?
    senders     who sends, how fast, what waits? delivery    what becomes of a message?
    callbacks   status callbacks                 webhook     one signed request to the hotline
    inbound     a phone texts or calls           twiml       what did the hotline answer?
    parameters  what does a webhook carry?
    optout      STOP, START, HELP                media       pictures and sounds
    collecting  what is behind a MediaUrl?
    faults      what shall go wrong?             phones      whose phones are shown?
    control     /simulator/...                   handsets    /simulator/phones/...
    asking      how is a control request read?   page/       the phones in a browser
"""
