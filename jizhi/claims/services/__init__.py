"""What may be done with claims, from filing to the ledger and, where an objection is upheld, back."""

from jizhi.claims.services.evidence import BadPhoto as BadPhoto
from jizhi.claims.services.evidence import attach_photos as attach_photos
from jizhi.claims.services.filing import Draft as Draft
from jizhi.claims.services.filing import UnusableClaim as UnusableClaim
from jizhi.claims.services.filing import file_claims as file_claims
from jizhi.claims.services.filing import refile_claim as refile_claim
from jizhi.claims.services.filing import withdraw_claim as withdraw_claim
from jizhi.claims.services.imports import apply_import as apply_import
from jizhi.claims.services.imports import upload_claims as upload_claims
from jizhi.claims.services.posting import reprice_subjects as reprice_subjects
from jizhi.claims.services.posting import reverse_fact as reverse_fact
from jizhi.claims.services.review import ClaimRuling as ClaimRuling
from jizhi.claims.services.review import WrongState as WrongState
from jizhi.claims.services.review import decide_claims as decide_claims
from jizhi.claims.services.review import return_claim as return_claim
from jizhi.claims.services.review import tell_faults as tell_faults
from jizhi.claims.services.review import verify_claims as verify_claims
