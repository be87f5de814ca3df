"""Why a job cannot be done."""


class Failure(Exception):
    """A sentence for the user, and the exit code: 1 for a job that failed, 2 for a mistake in what was asked for."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


def mistake(message: str) -> Failure:
    return Failure(message, code=2)
