"""What every printed form has. The forms themselves are in `forms`."""

import dataclasses
import datetime

Day = datetime.date | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Form:
    """What every page has: language (`zh` or `en`), the record's code, a link behind the QR, and a digest."""

    lang: str = "zh"
    code: str = ""
    link: str = ""
    digest: str = ""
