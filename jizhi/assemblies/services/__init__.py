"""Records of meetings, money they allow, and the households' pledges. Import from here."""

from jizhi.assemblies.services.assemblies import (
    Motion,
    NotFilable,
    UnusableRecord,
    acknowledge_assembly,
    attach_minutes,
    file_assembly,
    record_assembly,
    return_assembly,
)
from jizhi.assemblies.services.dividends import (
    NoDividend,
    PaidAlready,
    activate_dividend,
    compute_dividend,
    pay_shares,
)
from jizhi.assemblies.services.funds import FundRefused, NoResolution, activate_fund, enter_money
from jizhi.assemblies.services.pledges import (
    PledgeRefused,
    ask_pledges,
    attach_papers,
    record_answer,
    sign_pledge,
    withdraw_pledge,
)

__all__ = [
    "FundRefused",
    "Motion",
    "NoDividend",
    "NoResolution",
    "NotFilable",
    "PaidAlready",
    "PledgeRefused",
    "UnusableRecord",
    "acknowledge_assembly",
    "activate_dividend",
    "activate_fund",
    "ask_pledges",
    "attach_minutes",
    "attach_papers",
    "compute_dividend",
    "enter_money",
    "file_assembly",
    "pay_shares",
    "record_answer",
    "record_assembly",
    "return_assembly",
    "sign_pledge",
    "withdraw_pledge",
]
