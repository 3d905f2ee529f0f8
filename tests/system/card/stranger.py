"""A foreign program on the same machine: connects SHARED and asks the card for a signature."""

import sys

from smartcard import scard

SELECT_JPKI = bytes.fromhex("00A4040C0AD392F000260100000001")
SELECT_KEY = bytes.fromhex("00A4020C020017")
SIGN = bytes.fromhex("802A008033") + bytes(51) + b"\x00"


def main(*, select_application: bool) -> str:
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _, names = scard.SCardListReaders(context, [])
    result, card, _ = scard.SCardConnect(
        context, names[0], scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T1
    )
    if result != scard.SCARD_S_SUCCESS:
        return scard.SCardGetErrorMessage(result)
    apdus = (SELECT_JPKI, SELECT_KEY, SIGN) if select_application else (SELECT_KEY, SIGN)
    answer: list[int] = []
    for apdu in apdus:
        _, answer = scard.SCardTransmit(card, scard.SCARD_PCI_T1, list(apdu))
    scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
    return bytes(answer[-2:]).hex()


if __name__ == "__main__":
    sys.stdout.write(main(select_application="--select" in sys.argv))
