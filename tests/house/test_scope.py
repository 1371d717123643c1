"""Whose every table is: stated once on each model, and looked past only where it is listed here."""

from __future__ import annotations

import ast

from django.apps import apps

from jizhi.core import policies, scope
from tests.house import sources

# Where a service looks past its reader's scope (core.scope.beyond). A new line here is a decision: see ADR 0012.
BEYOND = {
    ("activities/selectors/needs.py", "a volunteer who took a need up reads where to go and whom to call"),
    (
        "activities/services/needs.py",
        "whoever asked is told by a volunteer of another household, and the other way round",
    ),
    ("activities/services/teams.py", "a household locks the team that it joins, which may be the township's"),
    (
        "changes/selectors/heirs.py",
        "a household speaks for those that it succeeded, in another village, too",
    ),
    ("changes/selectors/pages.py", "where a household went is known in the village it left"),
    ("changes/services/forwarding.py", "points of a household that moved go on to its new village"),
    ("changes/services/households.py", "whoever comes back may be registered in another village by now"),
    ("changes/services/persons.py", "whoever joins may still be registered in another village"),
    (
        "notices/services/hearing.py",
        "whoever speaks for an ended household may live in another village",
    ),
    (
        "notices/services/withholding.py",
        "whoever objects does not see the wallet from which the disputed points are held",
    ),
    (
        "notices/services/withholding.py",
        "whoever takes an objection back does not see the wallet to which the points return",
    ),
    (
        "notices/services/withholding.py",
        "points of an ended household go on to another, perhaps in another village",
    ),
    ("notices/services/withholding.py", "what an ended household owes is held where its points went"),
    ("notices/services/letters.py", "whoever writes a letter is nobody whom the site knows"),
    ("notices/services/letters.py", "the writer of a letter holds its address and has no account"),
    ("notices/selectors/letters.py", "the writer of a letter holds its address and has no account"),
    ("people/services/memberships.py", "whoever joins may still be registered in another village"),
    (
        "reviews/selectors/meetings.py",
        "a household knows who decided on its sheet, also where nothing of it was claimed",
    ),
    ("web/signin/views.py", "a card is found by its number before anybody is known"),
    ("people/services/bulk.py", "a person of the table may be registered in another village"),
    (
        "people/services/bulk_inserts.py",
        "whoever is written is in nobody's scope before the membership stands",
    ),
    (
        "people/selectors/homes.py",
        "whoever moved away is looked after by the village of the latest membership",
    ),
    ("people/selectors/kin.py", "a close relative may be registered in another village"),
    ("people/selectors/subjects.py", "a close relative may be registered in another village"),
    ("participants/selectors/candidates.py", "whoever moved here may take part in the village that it left"),
    ("participants/services/enrolling.py", "whoever is enrolled may take part in another village"),
    (
        "participants/services/merging.py",
        "whoever is twice on the register may take part in villages where the person once lived",
    ),
    ("organisations/selectors/persons.py", "a panel member may live in another village"),
    ("people/selectors/persons.py", "a merged person belongs to nobody any more; the one kept is checked"),
    ("people/services/cards.py", "a household's account is in nobody's scope before it has its card"),
    (
        "organisations/services/belongings.py",
        "a full membership may lie in an organisation of another village",
    ),
    ("organisations/services/reports.py", "whoever reports may report in another village already"),
    ("organisations/services/tree.py", "an organisation's code is used once in the whole county"),
    ("changes/services/persons.py", "a spell may have been recorded in a village that the person left"),
    ("changes/services/undoing.py", "a spell may have been recorded in a village that the person left"),
    ("people/services/edits.py", "a spell may have been recorded in a village that the person left"),
    ("people/services/edits.py", "an ID number is one person's in the whole county"),
    ("people/services/merging.py", "what names a person may lie in villages where the person once lived"),
    ("people/services/households.py", "an ID number may be registered in another village, or nobody's yet"),
    ("people/services/roster_writes.py", "whoever joins is in nobody's scope before the membership stands"),
    ("people/services/rosters.py", "a person of the roster may be registered in another village"),
    ("channels/services/spoken.py", "a neighbour claims for somebody whose number and name it knows"),
    (
        "channels/services/spoken.py",
        "whoever leads an organisation may refuse what a neighbour claimed for it",
    ),
    (
        "channels/selectors/spoken.py",
        "whoever lives with an organisation's leader reads what a neighbour claimed for it",
    ),
    ("channels/selectors/spoken.py", "a household reads which neighbour claimed for it"),
    ("channels/services/systems.py", "a key is found by its prefix before anybody is known"),
    ("web/signin/views.py", "an account is found by its name before anybody is known"),
    ("seals/services.py", "a seal holds all that a village's ledger got, whoever makes it necessary"),
    ("seals/selectors/chains.py", "fingerprints are published: they are salted and tell nothing of anybody"),
    (
        "seals/selectors/chains.py",
        "whoever asks whether a ledger fits its seals is told numbers of records, nothing else",
    ),
    (
        "seals/selectors/receipts.py",
        "a proof is made of the neighbours' fingerprints, which tell nothing of them",
    ),
    (
        "seals/selectors/receipts.py",
        "whoever holds a receipt may ask whether the ledger still says what it says",
    ),
}
# Tables without a policy, ours and the libraries'; each reason stands with its model or in core.policies.
OPEN = {"areas.Area", "areas.Level", "sessions.Session", "axes.AccessAttempt", "axes.AccessAttemptExpiration"}
OPEN |= {
    "axes.AccessFailureLog",
    "axes.AccessLog",
    "procrastinate.ProcrastinateJob",
    "procrastinate.ProcrastinateEvent",
}
OPEN |= {"procrastinate.ProcrastinateWorker", "procrastinate.ProcrastinatePeriodicDefer"}
# Tables every reader may read: published things.
PUBLIC = {
    "areas.AreaChange", "areas.AreaPeriod", "areas.Boundary", "assemblies.Assembly", "assemblies.Fund",
    "assemblies.FundEntry", "assemblies.Dividend", "channels.System",
    "notices.Dispute", "notices.Notice", "notices.NoticedEntry", "notices.NoticedFact", "notices.NoticeExtension",
    "posts.Post", "schemes.Activation", "schemes.ClockChange", "schemes.Pack",
    "schemes.Resolution", "seals.Seal", "schemes.SchemeVersion", "store.OpeningDay",
}  # fmt: skip


def test_every_table_of_ours_says_whose_it_is() -> None:
    silent = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith("jizhi.")
        and not isinstance(vars(model).get("row_scope"), scope.RowScope)
    ]
    assert not silent, (
        "models without row_scope, which the pages could not read; say e.g."
        ' `row_scope = RowScope(village="village")` (CONTRIBUTING, "A table"): ' + ", ".join(silent)
    )


def test_what_is_open_and_what_is_published_is_listed() -> None:
    tables = policies.tables()
    assert {model._meta.label for model, stated in tables.items() if stated.open} == OPEN
    assert {model._meta.label for model, stated in tables.items() if stated.public} == PUBLIC


def test_looking_past_the_scope_is_listed() -> None:
    found = set()
    for path in sources.files(".py"):
        if sources.is_test(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "beyond":
                (reason,) = node.args
                assert isinstance(reason, ast.Constant), f"{sources.shown(path)}: the reason is a plain text"
                found.add((sources.shown(path).removeprefix("jizhi/"), reason.value))
    assert found == BEYOND
