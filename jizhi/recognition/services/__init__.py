"""Verbs of three-party recognition, one file a step of the way. Import from here."""

from jizhi.recognition.services.deciding import WrongMeeting as WrongMeeting
from jizhi.recognition.services.deciding import decide_sheet as decide_sheet
from jizhi.recognition.services.deciding import rule_sheet as rule_sheet
from jizhi.recognition.services.rounds import BadRound as BadRound
from jizhi.recognition.services.rounds import open_round as open_round
from jizhi.recognition.services.scoring import score_self as score_self
from jizhi.recognition.services.scoring import score_team as score_team
from jizhi.recognition.services.sheets import BadScore as BadScore
from jizhi.recognition.services.sheets import TooLate as TooLate
