"""What may be done with notices and objections."""

from jizhi.notices.services.objections import NoSuchFact as NoSuchFact
from jizhi.notices.services.objections import ObjectionClosed as ObjectionClosed
from jizhi.notices.services.objections import answer_objection as answer_objection
from jizhi.notices.services.objections import file_objection as file_objection
from jizhi.notices.services.objections import withdraw_objection as withdraw_objection
from jizhi.notices.services.posting import CannotFinalise as CannotFinalise
from jizhi.notices.services.posting import CannotPost as CannotPost
from jizhi.notices.services.posting import finalise_notice as finalise_notice
from jizhi.notices.services.posting import post_notice as post_notice
