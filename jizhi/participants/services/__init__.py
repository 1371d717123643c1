"""Verbs of participants. Import from here."""

from jizhi.participants.services.enrolling import CannotEnrol as CannotEnrol
from jizhi.participants.services.enrolling import Followed as Followed
from jizhi.participants.services.enrolling import end_participation as end_participation
from jizhi.participants.services.enrolling import enrol_by_hand as enrol_by_hand
from jizhi.participants.services.enrolling import follow_registers as follow_registers
from jizhi.participants.services.merging import merge_persons as merge_persons
