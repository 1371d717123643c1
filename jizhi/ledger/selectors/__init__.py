"""The ledger as others read it: facts for the evaluators, entries for pages, wallets for the counter, rows to seal."""

from jizhi.ledger.selectors.hearings import is_reversed as is_reversed
from jizhi.ledger.selectors.hearings import merits_among as merits_among
from jizhi.ledger.selectors.hearings import reversed_facts as reversed_facts
from jizhi.ledger.selectors.reading import EntryLine as EntryLine
from jizhi.ledger.selectors.reading import FactRow as FactRow
from jizhi.ledger.selectors.reading import Sums as Sums
from jizhi.ledger.selectors.reading import Wallet as Wallet
from jizhi.ledger.selectors.reading import WalletLine as WalletLine
from jizhi.ledger.selectors.reading import anything_since as anything_since
from jizhi.ledger.selectors.reading import awarded_by_item as awarded_by_item
from jizhi.ledger.selectors.reading import awarded_in_period as awarded_in_period
from jizhi.ledger.selectors.reading import awarded_of_subjects as awarded_of_subjects
from jizhi.ledger.selectors.reading import balances as balances
from jizhi.ledger.selectors.reading import entries_not_noticed as entries_not_noticed
from jizhi.ledger.selectors.reading import entries_of_fact as entries_of_fact
from jizhi.ledger.selectors.reading import entries_of_subject as entries_of_subject
from jizhi.ledger.selectors.reading import entry_lines as entry_lines
from jizhi.ledger.selectors.reading import fact as fact
from jizhi.ledger.selectors.reading import facts_of_subjects as facts_of_subjects
from jizhi.ledger.selectors.reading import facts_of_village as facts_of_village
from jizhi.ledger.selectors.reading import facts_posted_between as facts_posted_between
from jizhi.ledger.selectors.reading import filtered_entries as filtered_entries
from jizhi.ledger.selectors.reading import first_entries as first_entries
from jizhi.ledger.selectors.reading import last_act_days as last_act_days
from jizhi.ledger.selectors.reading import lots_credited as lots_credited
from jizhi.ledger.selectors.reading import lots_of_subjects as lots_of_subjects
from jizhi.ledger.selectors.reading import marks_of_villages as marks_of_villages
from jizhi.ledger.selectors.reading import subjects_with_facts as subjects_with_facts
from jizhi.ledger.selectors.reading import (
    subjects_with_unpublished_points as subjects_with_unpublished_points,
)
from jizhi.ledger.selectors.reading import sums as sums
from jizhi.ledger.selectors.reading import transfer_by_key as transfer_by_key
from jizhi.ledger.selectors.reading import visible_entries as visible_entries
from jizhi.ledger.selectors.reading import wallet_of as wallet_of
from jizhi.ledger.selectors.reading import worth_in_period as worth_in_period
from jizhi.ledger.selectors.reading import worth_of_facts as worth_of_facts
from jizhi.ledger.selectors.sealable import CanonicalRow as CanonicalRow
from jizhi.ledger.selectors.sealable import canonical_entries as canonical_entries
from jizhi.ledger.selectors.sealable import canonical_transfers as canonical_transfers
from jizhi.ledger.selectors.sealable import facts_without_entries as facts_without_entries
from jizhi.ledger.selectors.sealable import oldest_above as oldest_above
from jizhi.ledger.selectors.sealable import village_ids_in_ledger as village_ids_in_ledger
