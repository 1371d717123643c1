"""Posts as a table to import: one row a post; accounts that are missing are made, their passwords told once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jizhi.accounts import selectors as accounts
from jizhi.core.text import N_
from jizhi.imports import rules
from jizhi.imports.rules import Outcome, Row
from jizhi.intake.planned import in_both_languages, list_rows, of_planned_row, refused_since
from jizhi.posts import services
from jizhi.posts.rules import Action, PostKind
from jizhi.sheets.plain import Column, Kind

COLUMNS = (
    Column("name", "姓名", "Name", required=True, longest=50),
    Column("username", "账号", "Account", synonyms=("user name", "username"), note=N_("新账号不填则按姓名拼音编")),
    Column("work_phone", "工作电话", "Work phone", synonyms=("联系电话", "电话", "手机"), longest=20, width=16),
    Column("kind", "职务", "Post", required=True, note="、".join(one.label for one in PostKind), width=18),
    Column("area", "区划代码", "Area code", Kind.CODE, synonyms=("任职区域代码",), width=20),
    Column(
        "place", "任职区域", "Area", synonyms=("区域", "网格"), width=18, note=N_("不填区划代码时写“村”或“村/网格”"),
    ),
    Column("from_date", "开始日期", "From", Kind.DATE, synonyms=("任职日期",), note=N_("不填则按今天")),
    Column("to_date", "结束日期", "To", Kind.DATE, synonyms=("离任日期",)),
    Column("deputy", "代理", "Deputy", synonyms=("代理谁", "Stands in for"), note=N_("代理在职务页面办理，这里不填")),
)  # fmt: skip


def together(area: Any) -> Callable[[Mapping[str, Any]], str]:
    """The rows of one person come in one chunk, so that one account is made."""
    return lambda values: values["username"] or f"{values['name']}|{values['work_phone'] or ''}"


def _planned(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> tuple[Any, list[Outcome]]:
    given = list_rows(rows)
    return in_both_languages(
        lambda: services.plan_posts(rows=given, within=area, by=by, at=at), of_planned_row
    )


def plan(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """What each row would do in the chosen area."""
    return _planned(rows, area=area, by=by, at=at)[1]


def apply(rows: Sequence[Row], *, area: Any, by: Any, at: dt.datetime) -> Sequence[Outcome]:
    """Make accounts, give posts, set last days; what a new account's password is comes back with its row."""
    lines, outcomes = _planned(rows, area=area, by=by, at=at)
    services.apply_posts(plan=lines, by=by, at=at)
    done = []
    for outcome, line in zip(outcomes, lines, strict=True):
        one, made = refused_since(outcome, line), line.values.get("account")
        if made is not None:
            one = replace(one, handout=(made.name, made.username, made.password, made.post, made.area))
        done.append(one)
    return done


def renew(lines: Sequence[list[str]], *, by: Any, at: dt.datetime) -> list[list[str]]:
    """Another first password for each account that still has the one it was made with."""
    found = []
    for name, username, _password, *rest in lines:
        user = accounts.user_by_username(username)
        if user is not None and user.is_active and user.must_change_password:
            found.append([name, username, services.renew_first_password(user=user, by=by, at=at), *rest])
    return found


KIND = rules.Kind(
    key="posts",
    title=N_("职务和账号"),
    columns=COLUMNS,
    action=Action.MANAGE_POSTS,
    plan=plan,
    apply=apply,
    together=together,
    chunk=100,
    icon="users",
    note=N_("一行一项职务；没有账号的人自动设立账号，初始密码由上传人领取一次。"),
    handout=(N_("姓名"), N_("账号"), N_("初始密码"), N_("职务"), N_("任职区域")),
    renew=renew,
)
