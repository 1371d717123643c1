"""Words of a document in Chinese and English. Not a translation catalogue: the two stand side by side in the YAML."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from jizhi.engine.document.base import Model


class Text(Model):
    """`{zh: …, en: …}`; a plain string is Chinese. Without English the Chinese is shown."""

    zh: str
    en: str = ""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:
        if isinstance(value, str | int):
            return {"zh": str(value)}
        if isinstance(value, dict) and "en" in value and "zh" not in value:
            return {**value, "zh": value["en"]}
        if value is None:
            raise ValueError("a text, or {zh: …, en: …}")
        return value

    def say(self, language: str) -> str:
        """The words in `zh…` or `en…`."""
        return self.en or self.zh if language.startswith("en") else self.zh or self.en

    def __str__(self) -> str:
        return self.zh
