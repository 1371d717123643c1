"""stub"""


class UnreadableFile(Exception):
    """The file as a whole cannot be read; the message says why and what to do."""

    def __init__(self, message: str, message_en: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.message_en = message_en or message
