"""What is measured, against what, in one run? `./run bench [NAME ...]`; what it said last stands in README.md.

A module with `measure(ground, quick)` is a benchmark: one repetition, both sides, as rows. The first line of its docstring is
the question it answers. The rest is what they stand on:

__main__   the command    repeating  medians    table  what is printed and kept    machine  on what it ran
ground     a database, a Redis, settings, a carrier and processes of one measurement
people     subscribers by the hundred thousand, a released notice    stub  a carrier that is never the bottleneck
serving    a web program behind gunicorn, ours or theirs    calling_back  receipts as Twilio sends them, over open connections
processes  what runs beside us: its CPU, its memory    baselines/  the other side, as a good engineer would write it
"""
