"""The steps of a settlement, each in a file of its own: its meaning, its form for one fact, its form as SQL.

Stages do not know each other; `incremental.py` and `batch.py` put them in order.
"""
