"""What would Twilio do? A Twilio on your own machine, over HTTP, faults included.

It imports nothing of `bot`, and `bot` nothing of it: they meet over HTTP only. What is faithful and what is not:
`docs/simulator.md`.

    config      which flags and variables?
    app         which routes?            __main__  how does it start and stop?     process  how does a test start one?
    exchange    what is the whole of it, tied together?
    auth        who may call, and how are our requests signed?
    rest        POST, GET, DELETE of Messages (creating, paging, media: their parts)
    messages    what is one message?     ledger    which messages were there?     segments  how long is a text?
    senders     which number sends, how fast, and what waits?
    delivery    what becomes of a message after it was accepted?
    callbacks   status callbacks         webhook   one signed request to the hotline
    inbound     a phone texts or calls   twiml     what did the hotline answer?   optout    STOP, START, HELP
    faults      what shall go wrong?     phones    whose phones are shown?
    control     /simulator/...           page/     the phones in a browser
"""
