"""How a ledger is sealed and how a seal is checked: the whole procedure, without database, network or Django.

`canonical` says what is hashed, `merkle` how hashes make a root, `chain` how roots make a chain, `receipts` what is
handed to a household, `checking` what is found out, `words` how it is said. docs/howto/verify-a-ledger.md describes the
same for whoever writes a second verifier.
"""

from jizhi.seals.rules.canonical import RecordKind as RecordKind
from jizhi.seals.rules.canonical import SealableRow as SealableRow
from jizhi.seals.rules.chain import Chain as Chain
from jizhi.seals.rules.chain import Leaf as Leaf
from jizhi.seals.rules.chain import Seal as Seal
from jizhi.seals.rules.chain import Span as Span
from jizhi.seals.rules.receipts import Receipt as Receipt
from jizhi.seals.rules.receipts import Unreadable as Unreadable
