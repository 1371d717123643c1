"""From a file or a text to a model: read the YAML, build the document, say everything that is wrong with its form.

The parser is in `yaml_source.py`, the words for mistakes are in `mistakes.py`. What a document means is not known here.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError

from jizhi.engine.document.base import Model
from jizhi.engine.document.problem import DocumentError, Problem, nearest, sorted_problems
from jizhi.engine.document.text import Text
from jizhi.engine.reading import mistakes
from jizhi.engine.reading.yaml_source import Source, fill

__all__ = ["Source", "build", "nearest", "read", "sorted_problems", "undisturbed"]

M = TypeVar("M", bound=Model)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Without garbage collection, which would walk the growing document again and again."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def read(path_or_text: Path | str) -> Source:
    """The plain data of a file, or of text with line ends; DocumentError when it is not YAML."""
    inline = isinstance(path_or_text, str) and "\n" in path_or_text
    source = Source("<text>" if inline else str(path_or_text))
    try:
        text = str(path_or_text) if inline else Path(path_or_text).read_text(encoding="utf-8-sig")
        with undisturbed():
            fill(source, text.lstrip("\ufeff"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        what = str(getattr(error, "problem", None) or error)
        line = mark.line + 1 if mark else 1
        zh, en = f"不是有效的 YAML：{what}", f"not valid YAML: {what}"
        raise _unusable(source, "yaml", zh, en, line) from error
    except UnicodeDecodeError as error:
        zh, en = "文件不是 UTF-8 编码，请另存为 UTF-8", "this is not UTF-8 text: save it as UTF-8"
        raise _unusable(source, "unreadable", zh, en) from error
    except OSError as error:
        zh, en = f"读不了这个文件：{error}", f"cannot be read: {error}"
        raise _unusable(source, "unreadable", zh, en) from error
    except RecursionError as error:
        raise _unusable(source, "yaml", "嵌套太深", "nested too deeply") from error
    if source.plain is None:
        raise _unusable(source, "empty", "文件是空的", "the file is empty")
    return source


def _unusable(source: Source, code: str, zh: str, en: str, line: int = 1) -> DocumentError:
    return DocumentError([Problem(code, "error", Text(zh=zh, en=en), source.file, line)])


def build(model: type[M], source: Source) -> M:
    """The document, or DocumentError with every problem of its form."""
    try:
        with undisturbed():
            return model.model_validate(source.plain)
    except ValidationError as error:
        mistakes.explain(source, model, error)
        raise DocumentError(sorted_problems(source.problems)) from error
