"""What is wrong with a document, said so that a clerk can put it right. Messages are part of the public interface."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from jizhi.engine.document.text import Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: where it is, what was found, what was expected, the nearest valid name, the article it offends."""

    code: str
    level: Literal["error", "warning"]
    message: Text
    file: str = ""
    line: int = 0
    item: str = ""
    found: str = ""
    expected: str | Text = ""
    nearest: str = ""
    article: str = ""

    @property
    def reason(self) -> Text:
        """The message: why it cannot stay so."""
        return self.message

    def say(self, language: str) -> str:
        """One line: file:line: level: what, found, expected, nearest."""
        english = language.startswith("en")
        level = self.level if english else {"error": "错误", "warning": "提醒"}[self.level]
        parts = [f"{self.file}:{self.line}: {level}: {self.message.say(language)} [{self.code}]"]
        labels = (
            ("found", "expected", "did you mean", "see")
            if english
            else ("写的是", "应为", "是否想写", "依据")
        )
        expected = self.expected.say(language) if isinstance(self.expected, Text) else self.expected
        values = (self.found, expected, self.nearest, self.article)
        parts += [f"{label}: {value}" for label, value in zip(labels, values, strict=True) if value]
        return ("; " if english else "；").join(parts)


class DocumentError(ValueError):
    """A document that cannot be used; `problems` says why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(problem.say("zh") for problem in self.problems))


def nearest(found: str, names: Iterable[str]) -> str:
    """The valid name that was probably meant, or nothing."""
    return next(iter(difflib.get_close_matches(found, list(names), n=1, cutoff=0.5)), "")


def sorted_problems(problems: Iterable[Problem]) -> list[Problem]:
    """By file and line."""
    return sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code))
