"""Signing in and out: staff by account and password, households by card and PIN."""
