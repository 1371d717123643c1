"""The grid worker's phone pages: today, verifying, telling, claims for others.

Mounted at /field/; the panel and the committee work at the desk.
"""
