"""Notices, what is said against them, and what is kept back meanwhile; one file per noun, import from here."""

from jizhi.notices.models.hearing import Appeal as Appeal
from jizhi.notices.models.hearing import Dispute as Dispute
from jizhi.notices.models.hearing import FinalOrder as FinalOrder
from jizhi.notices.models.hearing import Objection as Objection
from jizhi.notices.models.hearing import Withholding as Withholding
from jizhi.notices.models.hearing import scan_path as scan_path
from jizhi.notices.models.letter import Letter as Letter
from jizhi.notices.models.letter import ObjectionBatch as ObjectionBatch
from jizhi.notices.models.letter import Reminder as Reminder
from jizhi.notices.models.notice import Notice as Notice
from jizhi.notices.models.notice import NoticedEntry as NoticedEntry
from jizhi.notices.models.notice import NoticedFact as NoticedFact
from jizhi.notices.models.notice import NoticeExtension as NoticeExtension
