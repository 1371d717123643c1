"""Assembly records, what they allow (funds, dividends), and the households' pledges. Import from here."""

from jizhi.assemblies.models.assembly import Assembly, AssemblyPhoto, AssemblyStep
from jizhi.assemblies.models.money import Dividend, DividendShare, Fund, FundEntry
from jizhi.assemblies.models.pledge import PledgeAnswer, PledgeText

__all__ = [
    "Assembly",
    "AssemblyPhoto",
    "AssemblyStep",
    "Dividend",
    "DividendShare",
    "Fund",
    "FundEntry",
    "PledgeAnswer",
    "PledgeText",
]
