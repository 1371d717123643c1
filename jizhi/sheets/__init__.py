"""Reads the workbooks villages keep, and writes the ones they take home.

A pure library: no Django, no database, no knowledge of rules. It turns messy files into plain
records plus a list of everything it refused, noted or left for a person to answer.
"""
