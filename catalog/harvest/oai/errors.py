"""What the protocol answers to a question it cannot: a code and a sentence, with status 200."""


class ProtocolError(Exception):
    """``code`` is one of those the protocol names."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


# After these the protocol repeats nothing of what was asked.
NOT_REPEATED = frozenset({"badVerb", "badArgument"})
NO_SUCH_FORMAT = "There is no such format here; ListMetadataFormats names them."


def bad_argument(message: str) -> ProtocolError:
    return ProtocolError("badArgument", message)


def bad_token() -> ProtocolError:
    return ProtocolError("badResumptionToken", "This is not a token of this repository.")


def no_such_item() -> ProtocolError:
    return ProtocolError("idDoesNotExist", "There is no such item here.")
