"""Marks in the field pages that the phone's own scripts look for. Nothing here decides or queries."""
