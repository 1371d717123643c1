"""Verbs of the area tree: one file per noun; import from here. Areas are closed and never deleted."""

from jizhi.areas.services.areas import NewArea, close_area, create_area, rename_area, reopen_area
from jizhi.areas.services.boundaries import (
    BadBoundary,
    BoundaryFate,
    PlannedBoundary,
    apply_boundaries,
    plan_boundaries,
    remove_boundary,
    set_boundary,
)
from jizhi.areas.services.errors import AreaNotEmpty, BadArea
from jizhi.areas.services.history import hold_tree
from jizhi.areas.services.levels import define_levels
from jizhi.areas.services.restructure import merge_areas, move_area, split_area
from jizhi.areas.services.uploads import apply_upload, plan_upload, stage_upload
from jizhi.areas.services.whole_trees import TreeArea, grow_tree
from jizhi.areas.services.workbook import (
    PlannedArea,
    RowFate,
    UnreadableTree,
    apply_tree,
    plan_tree,
    read_tree,
)

__all__ = [
    "AreaNotEmpty",
    "BadArea",
    "BadBoundary",
    "BoundaryFate",
    "NewArea",
    "PlannedArea",
    "PlannedBoundary",
    "RowFate",
    "TreeArea",
    "UnreadableTree",
    "apply_boundaries",
    "apply_tree",
    "apply_upload",
    "close_area",
    "create_area",
    "define_levels",
    "grow_tree",
    "hold_tree",
    "merge_areas",
    "move_area",
    "plan_boundaries",
    "plan_tree",
    "plan_upload",
    "read_tree",
    "remove_boundary",
    "rename_area",
    "reopen_area",
    "set_boundary",
    "split_area",
    "stage_upload",
]
