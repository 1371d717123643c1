"""Tests of the code base itself: its shape, its texts, its database starter."""
