"""Everything that can be imported, in one table, and the job that does it.

The one place that knows all kinds: the apps below describe their own and do not know each other. Pages and commands
start imports here; no state of its own.
"""
