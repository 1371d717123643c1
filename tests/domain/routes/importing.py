"""How claims come in from outside: a workbook of claims, a list of attendance as a table, a push over HTTP."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import time_machine
from django.test import Client
from django.urls import reverse

from jizhi.activities import rules as attending
from jizhi.activities import services as activities
from jizhi.channels import services as channels
from jizhi.channels.models import System
from jizhi.claims import services as claims
from jizhi.claims.models import Claim
from jizhi.core.errors import DomainError
from jizhi.demo.setup import SCHEME
from jizhi.imports import services as imports
from jizhi.imports.rules import ImportState
from jizhi.intake.kinds import KINDS
from jizhi.schemes import selectors as schemes
from tests.domain.routes.filing import ITEMS, QUANTITIES, Filing


class Refused(DomainError):
    """What the answer to a request says."""


class Importing(Filing):
    """Files and requests, each read as its page or address reads it."""

    def workbook(self, titles: list[str], *rows: list[Any]) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (titles, *rows):
            sheet.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def excel(self, one: int, two: int) -> None:
        """A sheet of up to three claims: read, its questions answered, filed; a copy of it changes nothing."""
        document = schemes.scheme_on(self.area, SCHEME, self.day)
        rows = []
        for more in range(1 + one % 3):
            item = document.item(ITEMS[(two + more) % len(ITEMS)])
            household = self.pick(self.households(), one + more)
            assert item is not None
            draft = self.draft(household.subject, item.id, back=more)
            amount = QUANTITIES.get(item.id)
            rows.append([
                household.no, household.head_name, draft.act_date.isoformat(), item.title.zh,
                None if amount is None else float(amount), draft.words,
            ])  # fmt: skip
        content = self.workbook(["户编号", "户主", "日期", "申报事项", "数量", "备注"], *rows)
        by = {"by": self.staff["recorder"], "at": self.at}
        counts = []
        for _copy in range(1 + one % 2):
            upload = claims.upload_claims(
                village=self.area, scheme=SCHEME, content=content, file_name="claims.xlsx", **by
            )
            answers = {question["key"]: self.answer_to(question) for question in upload.report["questions"]}
            claims.apply_import(claim_import=upload, answers=answers, **by)
            counts.append(Claim.objects.count())
        assert len(set(counts)) == 1, "a copy of the sheet files nothing more"

    def answer_to(self, question: dict[str, Any]) -> str:
        """The first thing that the dry run offers; a row about which it offers nothing is left out."""
        return str((question["candidates"] or ["-"])[0])

    def list_imported(self, one: int, two: int) -> None:
        """A list that was kept on paper comes in as a table, is confirmed, and waits for the panel."""
        committee, title = self.staff["committee"], f"清理河道{self.number}"
        ends = self.at + dt.timedelta(minutes=1)
        by = {"by": committee, "at": self.at}
        activity = activities.plan_activity(
            area=self.area, kind=attending.ActivityKind.SERVICE, title=title, words=self.words("带铁锹"),
            place="石桥头", starts_at=self.at, ends_at=ends, hours=Decimal(2), item="voluntary-labour",
            request_key=self.key, **by,
        )  # fmt: skip
        numbers = {self.pick(self.households(), number).no for number in (one, two)}
        content = self.workbook(
            ["活动编号", "村", "户编号"], *[[activity.pk, self.area.code, no] for no in sorted(numbers)]
        )
        kind = KINDS["attendance"]
        upload = imports.upload_table(
            kind=kind, area=self.area, file_name="list.xlsx", content=[content], request_key=self.key, **by
        )
        self.run(upload.pk, kind)
        imports.confirm_import(import_id=upload.pk, kind=kind, **by)
        done = self.run(upload.pk, kind)
        assert done.state == ImportState.APPLIED, done.state
        activities.confirm_activity(activity=activity, by=committee, at=ends)

    def run(self, number: int, kind: Any) -> Any:
        done = imports.run_import(import_id=number, kind=kind, now=lambda: self.at)
        assert done.state != ImportState.FAILED, done.fault
        return done

    def pushed_over_http(self, one: int, two: int) -> None:
        """A request with the key, as the other system sends it; every fourth time twice."""
        town, household = self.town(), self.pick(self.households(), one)
        system = System.objects.filter(owner=town, name="网上推送").first() or channels.register_system(
            name="网上推送", area=self.area, items=[(SCHEME, item) for item in ITEMS], by=town, at=self.at
        )
        _key, secret = channels.issue_key(system_id=system.pk, by=town, at=self.at)
        draft = self.draft(household.subject, ITEMS[two % len(ITEMS)], back=1)
        body: dict[str, Any] = {
            "request_key": self.key, "village": self.area.code, "item": draft.item,
            "subject" if one % 2 else "household": household.no, "act_date": draft.act_date.isoformat(),
            "words": draft.words,
        }  # fmt: skip
        if draft.quantity is not None:
            body["quantity"] = str(draft.quantity)
        first = self.send(secret, body)
        if two % 4 == 3:
            again = self.send(secret, body)
            assert (again["claim"], again["status"]) == (first["claim"], 200)

    def send(self, secret: str, body: dict[str, Any]) -> dict[str, Any]:
        """The answer with its status. A refusal says what is wrong and with which field."""
        with time_machine.travel(self.at, tick=False):
            answer = Client().post(
                reverse("api:claims"), body, content_type="application/json",
                headers={"Authorization": f"Bearer {secret}"},
            )  # fmt: skip
        told: dict[str, Any] = answer.json()
        if answer.status_code in (200, 201):
            return told | {"status": answer.status_code}
        assert answer.status_code in (409, 422) and told["error"], (answer.status_code, told)
        raise Refused(told["error"], place=told["field"])
