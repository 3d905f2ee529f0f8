"""Check digits of municipality code, resident record code and individual number."""


def lg_code_ok(code: str) -> bool:
    """Whether a 6-digit LG code carries its check digit."""
    raise NotImplementedError


def resident_code_ok(code: str) -> bool:
    """Whether an 11-digit 住民票コード carries its check digit."""
    raise NotImplementedError


def individual_number_ok(number: str) -> bool:
    """Whether a 12-digit 個人番号 carries its check digit."""
    raise NotImplementedError
