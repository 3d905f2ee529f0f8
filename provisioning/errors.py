"""Errors of provisioning; each class owns its exit code and names the next step."""


class ProvisioningError(Exception):
    """Anything that stops a provisioning command; the message says what to do next."""

    exit_code = 1


class UsageError(ProvisioningError):
    """The command or its configuration cannot be carried out as given."""

    exit_code = 2


class AuthorityStateError(ProvisioningError):
    """The authority's folder is missing, incomplete or already in use."""

    exit_code = 2


class PassphraseError(ProvisioningError):
    """The passphrase of the root key is missing, too short or wrong."""

    exit_code = 2


class EnrolmentRefusedError(ProvisioningError):
    """The authority looked at a request and refused it; `code` is the wire code."""

    exit_code = 4

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ForeignAuthorityError(ProvisioningError):
    """Who answered is not the authority that the token names."""

    exit_code = 5


class AuthorityUnreachableError(ProvisioningError):
    """The authority did not answer."""

    exit_code = 6


class DemoError(ProvisioningError):
    """The demo office could not start, or a step of its walk failed."""

    exit_code = 1
