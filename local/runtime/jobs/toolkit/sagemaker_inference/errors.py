"""Errors that carry the status of their answer."""

from __future__ import annotations


class BaseInferenceToolkitError(Exception):
    """Answered with its own status and message."""

    def __init__(self, status_code: int, message: str, phrase: str) -> None:
        """`phrase` goes beside the status where a server has one."""
        self.status_code = status_code
        self.message = message
        self.phrase = phrase
        super().__init__(message)


class GenericInferenceToolkitError(BaseInferenceToolkitError):
    """One of no particular kind."""

    def __init__(self, status_code: int, message: str | None = None, phrase: str | None = None) -> None:
        """The message stands for the phrase, and the other way about."""
        text = message or "Invalid Request"
        super().__init__(status_code, text, phrase or text)


class UnsupportedFormatError(BaseInferenceToolkitError):
    """A content type that nothing reads, or writes."""

    def __init__(self, content_type: str) -> None:
        """Names it."""
        message = (
            f"Content type {content_type} is not supported by this framework. Please implement input_fn to "
            "to deserialize the request data or an output_fn to serialize the response. For more information, "
            "see the SageMaker Python SDK README."
        )
        super().__init__(415, message, message)
