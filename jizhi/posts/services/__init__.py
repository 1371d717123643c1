"""Verbs of posts: giving and ending, standing in, handing over, many at once from a table; import from here."""

from jizhi.posts.services.deputies import CannotDeputise, deputise_post
from jizhi.posts.services.giving import (
    BadDates,
    CannotHoldPost,
    PostAlreadyHeld,
    assign_post,
    end_post,
    take_on,
)
from jizhi.posts.services.succession import CannotHandOver, HandedOver, hand_over_post
from jizhi.posts.services.tables import (
    NewAccount,
    PostsApplied,
    apply_posts,
    plan_posts,
    renew_first_password,
)
from jizhi.posts.services.whole_staffs import NewHolder, NoSuchArea, take_on_many

__all__ = [
    "BadDates",
    "CannotDeputise",
    "CannotHandOver",
    "CannotHoldPost",
    "HandedOver",
    "NewAccount",
    "NewHolder",
    "NoSuchArea",
    "PostAlreadyHeld",
    "PostsApplied",
    "apply_posts",
    "assign_post",
    "deputise_post",
    "end_post",
    "hand_over_post",
    "plan_posts",
    "renew_first_password",
    "take_on",
    "take_on_many",
]
