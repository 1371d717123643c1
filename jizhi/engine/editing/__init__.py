"""Changing a document where it is written: one value, one key, one row, and every other character stays as it is.

Comments, order, spelling and what no form knows survive, because the text is never written anew: `nodes.py` says where
a part stands, `writing.py` how a value is spelt, `edits.py` puts one in the other's place. Every edit is read back and
compared with what was meant; where the text cannot be changed in place (an anchor used twice), `Entangled` says so.
"""

from jizhi.engine.editing import writing
from jizhi.engine.editing.edits import Entangled, change, insert, move, remove, replace_text, set_value
from jizhi.engine.editing.nodes import part_text
from jizhi.engine.editing.writing import flow

__all__ = [
    "Entangled",
    "change",
    "flow",
    "insert",
    "move",
    "part_text",
    "remove",
    "replace_text",
    "set_value",
    "writing",
]
