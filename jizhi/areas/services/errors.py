"""Refusals that several verbs of the tree share; each message names the area and says what to do instead."""

from jizhi.core.errors import DomainError


class BadArea(DomainError):
    """Code, name, day or place in the tree is not usable."""


class AreaNotEmpty(DomainError):
    """The area still has open areas, households or records below it that must go elsewhere first."""
