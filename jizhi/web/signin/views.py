"""Sign-in, sign-out, and the way to each user's own first page.

Counting wrong tries and locking out is done by the authentication backend; these views only ask and answer.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jizhi.accounts import services as accounts
from jizhi.accounts.rules import SecretState, UserKind
from jizhi.accounts.selectors import secret_state
from jizhi.changes import selectors as changes
from jizhi.core import scope
from jizhi.people.rules import clean_card_code, printed_card_code
from jizhi.posts import selectors as posts
from jizhi.posts.rules import ON_THE_GROUND, Action
from jizhi.web.forms import Form
from jizhi.web.pages import anyone, done, guarded, page_or_partial, signed_in
from jizhi.web.signin.forms import HouseholdForm, PasswordForm, PinForm, StaffForm

# A household's own phone stays signed in; staff sit at shared computers and get the settings' half hour.
HOUSEHOLD_STAYS = timedelta(days=90)


@anyone
@never_cache
@sensitive_post_parameters("password")
def staff(request: HttpRequest) -> HttpResponse:
    """Account and password."""
    form = StaffForm(request.POST or None)
    if form.is_valid() and _signed_in(request, form, UserKind.STAFF, gettext("账号或密码不对，请再试一次。")):
        return redirect(_after(request))
    return page_or_partial(
        request, "signin/staff.html", who="staff", form=form, next=request.GET.get("next", "")
    )


@anyone
@never_cache
@sensitive_post_parameters("password")
def household(request: HttpRequest) -> HttpResponse:
    """Card number and PIN, both typed."""
    form = HouseholdForm(request.POST or None)
    return _household(request, form, "")


@anyone
@never_cache
@sensitive_post_parameters("password")
def card(request: HttpRequest, code: str) -> HttpResponse:
    """What scanning a card opens: only the PIN is left to type; whoever is signed in with it goes straight on."""
    code = clean_card_code(code)
    if not code:
        return redirect("signin:household")
    if request.user.is_authenticated and request.user.username == code:
        return redirect("signin:home")
    if request.user.is_authenticated and request.user.kind == UserKind.STAFF and request.method == "GET":
        # Whoever is at work and scans a household's card wants that household, not to sign in as it.
        at_counter = posts.scope_paths(request.user, Action.REDEEM, localdate(request.at))
        page = "register:store" if at_counter and not request.user.is_superuser else "field:scan"
        return redirect(f"{reverse(page)}?{urlencode({'q': code})}")
    sent = request.POST.dict() | {"username": code} if request.method == "POST" else None
    form = HouseholdForm(sent, initial={"username": code})
    return _household(request, form, code)


@signed_in
@never_cache
@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password or PIN; the session goes on."""
    form_of = PinForm if request.user.kind == UserKind.HOUSEHOLD else PasswordForm
    form = form_of(request.POST or None)
    if form.is_valid():
        with guarded(request, form):
            accounts.change_secret(user=request.user, by=request.user, at=request.at, **form.cleaned_data)
            auth.update_session_auth_hash(request, request.user)
            return done(request, gettext("已修改，下次登录请用新的。"), "signin:home")
    return page_or_partial(request, "signin/password.html", form=form)


@anyone
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and return to the public front."""
    auth.logout(request)
    return redirect("/")


@anyone
def home(request: HttpRequest) -> HttpResponse:
    """The first page of whoever is signed in: passbook, today's visits, or the desk's to-do."""
    if not request.user.is_authenticated:
        return redirect("signin:choose")
    if request.user.must_change_password:
        return redirect("signin:password")
    if request.user.kind == UserKind.HOUSEHOLD:
        return redirect(_first_page("resident:passbook"))
    today = localdate(request.at)
    kinds = {post.kind for post in posts.held_posts(request.user) if post.on(today)}
    return redirect(_first_page("field:today" if kinds and kinds <= ON_THE_GROUND else "desk:todo"))


def _household(request: HttpRequest, form: HouseholdForm, code: str) -> HttpResponse:
    wrong = gettext("卡号或 PIN 码不对，请再试一次。忘了 PIN 码，请找网格员或村委会重设。")
    if form.is_valid() and _is_of_ended_household(form.cleaned_data["username"]):
        wrong = gettext(
            "这张卡的户已并入另一户或迁到别村，卡已停用。请用现在那一户的卡登录，没有的请到村委会领。"
        )
    if form.is_valid() and _signed_in(request, form, UserKind.HOUSEHOLD, wrong):
        request.session.set_expiry(HOUSEHOLD_STAYS)
        return redirect(_after(request))
    way = request.GET.get("next", "")
    return page_or_partial(
        request, "signin/household.html", who="household", form=form, code=printed_card_code(code), next=way
    )


def _is_of_ended_household(code: str) -> bool:
    with scope.beyond("a card is found by its number before anybody is known"):
        return changes.card_news(code) is not None


def _signed_in(request: HttpRequest, form: Form, kind: UserKind, wrong: str) -> bool:
    """Open the session when account and secret fit and the account is of this kind."""
    with scope.beyond("an account is found by its name before anybody is known"):
        user = auth.authenticate(request, **form.cleaned_data)
    if user is None or user.kind != kind:
        form.add_error(None, wrong)
        return False
    if secret_state(user, localdate(request.at)) is SecretState.EXPIRED:
        form.add_error(None, gettext("初始密码已过期，请联系任命您的单位重新发一个。"))
        return False
    scope.enter(user.pk, localdate(request.at))
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return True


def _after(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    hosts = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=hosts, require_https=request.is_secure())
    return wanted if safe and not urlsplit(wanted).path.startswith("/sign-") else reverse("signin:home")


def _first_page(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return "/"
