"""`jizhi escalate`: hands up matters and objections whose deadline passed too long ago. Meant to run once a day."""

from __future__ import annotations

import typer

from jizhi.cli import console


def escalate() -> None:
    """事件、异议、来件超期上报上级，提醒答复 · Hand up what is overdue, remind of answers; again is harmless."""
    with console.installation():
        from django.utils import timezone

        from jizhi.matters import services
        from jizhi.notices import services as notices

        count = services.escalate_overdue(at=timezone.now())
        objections = notices.escalate_overdue_objections(at=timezone.now())
        letters = notices.escalate_overdue_letters(at=timezone.now())
        reminders = notices.remind_of_answers(at=timezone.now())
    typer.echo(f"{count} 件超期事件已上报上级 · {count} overdue matters went up")
    typer.echo(f"{reminders} 条答复提醒已发出 · {reminders} reminders of answers sent")
    typer.echo(f"{letters} 件超期来件已转乡镇 · {letters} unanswered letters went up")
    typer.echo(f"{objections} 件超期异议已转乡镇 · {objections} unanswered objections went up")
