"""What may be done with the ledger: post entries, and move spendable points between accounts."""

from jizhi.ledger.services.posting import (
    FactDraft as FactDraft,
)
from jizhi.ledger.services.posting import (
    PricedEntry as PricedEntry,
)
from jizhi.ledger.services.posting import (
    lock_subjects as lock_subjects,
)
from jizhi.ledger.services.posting import (
    post_entries as post_entries,
)
from jizhi.ledger.services.posting import (
    post_facts as post_facts,
)
from jizhi.ledger.services.wallets import (
    NotEnoughPoints as NotEnoughPoints,
)
from jizhi.ledger.services.wallets import (
    cap_wallets as cap_wallets,
)
from jizhi.ledger.services.wallets import (
    credit_wallets as credit_wallets,
)
from jizhi.ledger.services.wallets import (
    expire_lots as expire_lots,
)
from jizhi.ledger.services.wallets import (
    refund as refund,
)
from jizhi.ledger.services.wallets import (
    spend as spend,
)
