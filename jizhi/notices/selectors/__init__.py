"""Notices and objections as pages, prints and the public need them. Names leave this app masked only."""

from jizhi.notices.selectors.content import NoticeEntry as NoticeEntry
from jizhi.notices.selectors.content import NoticeRow as NoticeRow
from jizhi.notices.selectors.content import content_for as content_for
from jizhi.notices.selectors.content import entries_for as entries_for
from jizhi.notices.selectors.content import rows_of as rows_of
from jizhi.notices.selectors.objections import NoSuchObjection as NoSuchObjection
from jizhi.notices.selectors.objections import ObjectionLine as ObjectionLine
from jizhi.notices.selectors.objections import is_reversed as is_reversed
from jizhi.notices.selectors.objections import lines as lines
from jizhi.notices.selectors.objections import objection_line as objection_line
from jizhi.notices.selectors.objections import objections as objections
from jizhi.notices.selectors.objections import objections_of_subject as objections_of_subject
from jizhi.notices.selectors.objections import open_notice_of_fact as open_notice_of_fact
from jizhi.notices.selectors.objections import waiting_count as waiting_count
from jizhi.notices.selectors.pages import NoSuchNotice as NoSuchNotice
from jizhi.notices.selectors.pages import NoticeLine as NoticeLine
from jizhi.notices.selectors.pages import NoticePage as NoticePage
from jizhi.notices.selectors.pages import act_days_of as act_days_of
from jizhi.notices.selectors.pages import expiry_of as expiry_of
from jizhi.notices.selectors.pages import months_to_post as months_to_post
from jizhi.notices.selectors.pages import notice_page as notice_page
from jizhi.notices.selectors.pages import post_by as post_by
from jizhi.notices.selectors.pages import preview as preview
from jizhi.notices.selectors.pages import public_notices as public_notices
from jizhi.notices.selectors.pages import spendable_of as spendable_of
from jizhi.notices.selectors.pages import staff_notices as staff_notices
