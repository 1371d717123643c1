"""What may be done with printed sheets and with other systems. Import from here."""

from jizhi.channels.services.deriving import derive_claims as derive_claims
from jizhi.channels.services.enrolling import follow_all as follow_all
from jizhi.channels.services.enrolling import follow_registers as follow_registers
from jizhi.channels.services.papers import KEYED_BY as KEYED_BY
from jizhi.channels.services.papers import BadBatch as BadBatch
from jizhi.channels.services.papers import SheetSettled as SheetSettled
from jizhi.channels.services.papers import key_in_sheet as key_in_sheet
from jizhi.channels.services.papers import print_sheets as print_sheets
from jizhi.channels.services.papers import settle_sheets as settle_sheets
from jizhi.channels.services.papers import using_sheet as using_sheet
from jizhi.channels.services.spoken import BadSpeech as BadSpeech
from jizhi.channels.services.spoken import BadWitness as BadWitness
from jizhi.channels.services.spoken import Neighbour as Neighbour
from jizhi.channels.services.spoken import file_as_witness as file_as_witness
from jizhi.channels.services.spoken import file_spoken as file_spoken
from jizhi.channels.services.spoken import refuse_witnessed as refuse_witnessed
from jizhi.channels.services.systems import BadKey as BadKey
from jizhi.channels.services.systems import BadSystem as BadSystem
from jizhi.channels.services.systems import Push as Push
from jizhi.channels.services.systems import TooMany as TooMany
from jizhi.channels.services.systems import issue_key as issue_key
from jizhi.channels.services.systems import open_by_key as open_by_key
from jizhi.channels.services.systems import push_claim as push_claim
from jizhi.channels.services.systems import register_system as register_system
from jizhi.channels.services.systems import revoke_key as revoke_key
from jizhi.channels.services.systems import take_over_system as take_over_system
