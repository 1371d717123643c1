"""Files to documents: schemes, their versions, packs. The door of this package; the work is done in its two rooms."""

from jizhi.engine.document.problem import DocumentError, Problem
from jizhi.engine.loader.pack import Pack, load_pack
from jizhi.engine.loader.versions import Version, Versions, load_scheme, load_scheme_with_lines, load_versions

__all__ = [
    "DocumentError",
    "Pack",
    "Problem",
    "Version",
    "Versions",
    "load_pack",
    "load_scheme",
    "load_scheme_with_lines",
    "load_versions",
]
