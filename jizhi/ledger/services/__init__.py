"""What may be done with the ledger: post entries, and move spendable points between accounts."""

from jizhi.ledger.services.disputed import hold_points as hold_points
from jizhi.ledger.services.disputed import release_points as release_points
from jizhi.ledger.services.disputed import revoke_points as revoke_points
from jizhi.ledger.services.holding import hold_for_posting as hold_for_posting
from jizhi.ledger.services.holding import hold_for_sealing as hold_for_sealing
from jizhi.ledger.services.moving import bring_forward_expiry as bring_forward_expiry
from jizhi.ledger.services.moving import lock_open_wallets as lock_open_wallets
from jizhi.ledger.services.moving import lock_wallets as lock_wallets
from jizhi.ledger.services.moving import move_points as move_points
from jizhi.ledger.services.moving import restore_expiry as restore_expiry
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
    lock_villages as lock_villages,
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
