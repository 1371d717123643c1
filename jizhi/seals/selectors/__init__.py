"""Seals as pages, prints and commands need them: the chain, a record's receipt, and what a check finds."""

from jizhi.seals.selectors.chains import Checked as Checked
from jizhi.seals.selectors.chains import SealLine as SealLine
from jizhi.seals.selectors.chains import alone as alone
from jizhi.seals.selectors.chains import as_rule as as_rule
from jizhi.seals.selectors.chains import chain_of as chain_of
from jizhi.seals.selectors.chains import check_village as check_village
from jizhi.seals.selectors.chains import lines as lines
from jizhi.seals.selectors.chains import seal_on_notice as seal_on_notice
from jizhi.seals.selectors.chains import seals_of as seals_of
from jizhi.seals.selectors.chains import villages as villages
from jizhi.seals.selectors.chains import waiting_rows as waiting_rows
from jizhi.seals.selectors.chains import waits as waits
from jizhi.seals.selectors.receipts import SealedEntry as SealedEntry
from jizhi.seals.selectors.receipts import Verdict as Verdict
from jizhi.seals.selectors.receipts import receipt_of as receipt_of
from jizhi.seals.selectors.receipts import sealed_entries as sealed_entries
from jizhi.seals.selectors.receipts import verdict_on as verdict_on
