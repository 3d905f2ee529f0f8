"""Check digits of municipality code, resident record code and individual number (all modulus 11).

The formula of the resident record code stands in a ministerial notice (平成14年総務省告示第436号)
that was not at hand; it is taken from secondary sources, so a rule over it only warns.
"""

_NO_DIGIT_FROM = 10


def lg_code_ok(code: str) -> bool:
    """Whether a municipality code is six digits and the last one fits (131016)."""
    if not _digits(code, 6):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(code, range(6, 1, -1), strict=False))
    return (11 - total % 11) % 10 == int(code[-1])


def resident_code_ok(code: str) -> bool:
    """Whether a 住民票コード is eleven digits and the last one fits."""
    return _digits(code, 11) and _check_digit(code[:-1]) == int(code[-1])


def individual_number_ok(number: str) -> bool:
    """Whether a 個人番号 is twelve digits and the last one fits (平成26年総務省令第85号 第5条)."""
    return _digits(number, 12) and _check_digit(number[:-1]) == int(number[-1])


def _check_digit(body: str) -> int:
    """11 less the remainder of the sum of P(n) * Q(n) by 11; 0 when the remainder is 0 or 1.

    P(n) is the n-th digit from the right; Q(n) is n + 1 up to the sixth, then n - 5.
    """
    total = sum(
        int(digit) * (n + 1 if n <= 6 else n - 5) for n, digit in enumerate(reversed(body), 1)
    )
    check = 11 - total % 11
    return 0 if check >= _NO_DIGIT_FROM else check


def _digits(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdigit()
