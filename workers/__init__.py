"""Which processes do the hotline's work? No rules live here: each job is a door of a few lines into `bot`.

__main__   python -m workers urgent | bulk | clock
rq_worker  a queue's worker: starts, ends, and starts again
turns      one sender per process, used by one thread at a time
alive      says every few seconds that the process lives and works
lifeline   sends from the database alone while Redis is away
jobs       the doors, by their dotted names
schedule   what is done every few seconds    sweep  the process that does it
"""
