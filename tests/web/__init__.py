"""Tests of the pages: who may open them, what they say, how they behave without scripts."""
