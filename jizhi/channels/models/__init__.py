"""Ways by which claims come in: sheets of paper with a code, neighbours, the spoken word, other systems."""

from jizhi.channels.models.derived import DerivedClaim as DerivedClaim
from jizhi.channels.models.papers import PaperBatch as PaperBatch
from jizhi.channels.models.papers import PaperLine as PaperLine
from jizhi.channels.models.papers import PaperSheet as PaperSheet
from jizhi.channels.models.spoken import SpokenClaim as SpokenClaim
from jizhi.channels.models.spoken import WitnessedClaim as WitnessedClaim
from jizhi.channels.models.systems import PushedClaim as PushedClaim
from jizhi.channels.models.systems import System as System
from jizhi.channels.models.systems import SystemKey as SystemKey
from jizhi.channels.models.systems import SystemMinute as SystemMinute
