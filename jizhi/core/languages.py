"""Words that a record keeps and readers of either language see: said in Chinese and in English."""

from django.utils import translation


def in_both(words: object) -> tuple[str, str]:
    """Words in Chinese and in English, as far as they were not put into one language when they were said."""
    with translation.override("zh-hans"):
        chinese = str(words)
    with translation.override("en"):
        return chinese, str(words)


def in_english() -> bool:
    """Whether the reader's language is English."""
    return (translation.get_language() or "").startswith("en")
