"""What every view is made of: refusals on the form, banners, confirmations, partial answers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import timezone

from jizhi.core.errors import DomainError
from jizhi.web import pages
from jizhi.web.forms import DateInput, Form, PhotosField


class SampleForm(Form):
    name = forms.CharField(label="姓名", help_text="与户口簿一致。")
    day = forms.DateField(label="日期", required=False, widget=DateInput())


@pytest.fixture
def request_of(db: None) -> HttpRequest:
    request = RequestFactory().post("/somewhere/")
    request.at, request.htmx = timezone.localtime(), False
    request._messages = CookieStorage(request)
    return request


def _said(request: HttpRequest) -> list[str]:
    return [str(message) for message in get_messages(request)]


def test_a_refusal_stands_at_its_field(request_of: HttpRequest) -> None:
    form = SampleForm({"name": "王"})
    assert form.is_valid()
    with pages.guarded(request_of, form):
        raise DomainError("这个名字已经登记。", place="name")
    assert form.errors["name"] == ["这个名字已经登记。"]


def test_a_refusal_without_a_field_stands_above_the_form(request_of: HttpRequest) -> None:
    form = SampleForm({"name": "王"})
    assert form.is_valid()
    with pages.guarded(request_of, form):
        raise DomainError("这个月已经公示。", place="elsewhere")
    assert form.non_field_errors() == ["这个月已经公示。"]


def test_a_refusal_without_a_form_is_a_banner(request_of: HttpRequest) -> None:
    with pages.guarded(request_of):
        raise DomainError("今天不开放。")
    assert _said(request_of) == ["今天不开放。"]


def test_faults_are_not_swallowed(request_of: HttpRequest) -> None:
    with pytest.raises(ZeroDivisionError), pages.guarded(request_of):
        raise ZeroDivisionError


def test_success_leaves_a_banner_and_goes_on(request_of: HttpRequest) -> None:
    answer = pages.done(request_of, "已保存。", "signin:choose")
    assert answer["Location"] == "/sign-in/"
    assert _said(request_of) == ["已保存。"]
    request_of.htmx = True
    assert pages.done(request_of, "已保存。", "/desk/")["HX-Redirect"] == "/desk/"


def test_fields_carry_label_help_and_error() -> None:
    form = SampleForm({"name": "", "day": "tomorrow"})
    page = str(form)
    assert '<label class="field__label" for="id_name">姓名' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_name_helptext"' in page
    assert 'aria-describedby="' in page
    assert "还没有保存" in page
    assert 'value="tomorrow"' in page


def test_several_photos_in_one_field() -> None:
    class Photos(Form):
        photos = PhotosField(required=False)

    assert Photos({}, {}).fields["photos"].clean([]) == []


def test_a_form_with_errors_answers_422(superuser: Any) -> None:
    answer = Client().post("/sign-in/staff/", {"username": "", "password": ""})
    assert answer.status_code == 422


def test_the_confirm_page_asks_and_posts(db: None) -> None:
    request = RequestFactory().get("/goods/1/removal/")
    request.user, request.at = SimpleNamespace(is_authenticated=False), timezone.localtime()
    page = pages.confirm(
        request, title="下架", text="下架后不能兑换。", button="下架", back="/goods/", danger=True
    )
    text = page.content.decode()
    assert 'id="confirm"' in text
    assert 'method="post"' in text
    assert "btn--danger" in text
    assert 'href="/goods/"' in text


def test_the_style_page_draws_every_component(superuser: Any) -> None:
    client = Client()
    assert client.get("/style/").status_code == 403
    client.force_login(superuser, backend="django.contrib.auth.backends.ModelBackend")
    for shell in ("desk", "resident", "field", "public"):
        assert client.get(f"/style/{shell}/").status_code == 200


def test_the_server_error_page_needs_nothing() -> None:
    from django.template.loader import render_to_string

    assert "系统出了问题" in render_to_string("500.html")
