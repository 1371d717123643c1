"""What an account is and what a password or PIN must look like. Plain Python: no database, no hashing."""

import datetime as dt
import re

from jizhi.core.text import N_, LabelledEnum


class UserKind(LabelledEnum):
    """Staff sign in by user name and password, households by card code and PIN."""

    STAFF = "staff", N_("工作人员")
    HOUSEHOLD = "household", N_("农户")


class Language(LabelledEnum):
    """Languages of the pages; the values are Django's codes."""

    CHINESE = "zh-hans", N_("简体中文")
    ENGLISH = "en", N_("English")


class SecretState(LabelledEnum):
    """Whose password it is: the own one, one to start with, or one to start with that nobody used in time."""

    OWN = "own", N_("本人密码")
    FIRST = "first", N_("初始密码未用")
    EXPIRED = "expired", N_("初始密码已过期")


PASSWORD_LENGTH_MIN = 8
PIN_LENGTH = 6

_USERNAME = re.compile(r"[A-Za-z0-9_.@-]{2,64}")
# PINs anybody would try first: one digit repeated, runs up or down, and pairs repeated.
_RUNS = ("0123456789", "9876543210")


def username_problem(username: str) -> str:
    """Why this user name cannot be used; empty when it can."""
    if not _USERNAME.fullmatch(username):
        return N_("账号只能用字母、数字和 _ . @ -，2 到 64 个字符。")
    return ""


def password_problem(password: str, username: str) -> str:
    """Why this password is too weak for staff; empty when it will do."""
    if len(password) < PASSWORD_LENGTH_MIN:
        return N_("密码至少 8 个字符。")
    if password.isdigit() or password.isalpha():
        return N_("密码要同时有字母和数字（或符号）。")
    if username and username.lower() in password.lower():
        return N_("密码里不能有账号。")
    return ""


def pin_problem(pin: str) -> str:
    """Why this PIN cannot be used; empty when it can."""
    if len(pin) != PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        return N_("PIN 码是 6 位数字。")
    if len(set(pin)) == 1 or any(pin in run for run in _RUNS) or pin == pin[:2] * 3 or pin == pin[:3] * 2:
        return N_("这个 PIN 码太容易被猜到，请换一个。")
    return ""


def secret_problem(kind: UserKind, secret: str, username: str) -> str:
    """The check that fits the kind of account: a PIN for households, a password for staff."""
    return pin_problem(secret) if kind is UserKind.HOUSEHOLD else password_problem(secret, username)


def first_password_until(given: dt.date, days: int) -> dt.date:
    """The last day on which a password to start with opens anything."""
    return given + dt.timedelta(days=days)
