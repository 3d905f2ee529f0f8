"""The card of 2016 by numbers, a second opinion beside its profile."""

JPKI_AID = bytes.fromhex("D392F000260100000001")
TEXT_AID = bytes.fromhex("D3921000310001010408")
SURFACE_AID = bytes.fromhex("D3921000310001010402")
RESIDENT_AID = bytes.fromhex("D3921000310001010401")
COMMON_AID = bytes.fromhex("D3921000310001010100")


class JpkiFile:
    """Files of the JPKI application."""

    SIGN_CERTIFICATE = 0x0001
    SIGN_CA = 0x0002
    TOKEN = 0x0006
    AVAILABILITY = 0x0008
    AUTH_CERTIFICATE = 0x000A
    AUTH_CA = 0x000B
    AUTH_KEY = 0x0017
    AUTH_PIN = 0x0018
    SIGN_KEY = 0x001A
    SIGN_PASSWORD = 0x001B


class TextFile:
    """Files of the text application."""

    NUMBER = 0x0001
    ATTRIBUTES = 0x0002
    INTEGRITY = 0x0003
    CERTIFICATE = 0x0004
    BASIC = 0x0005
    SESSION_KEY = 0x0006
    SIGNED_KEY = 0x0007
    PIN = 0x0011
    BLOCKED = 0x0012
    CODE_A = 0x0014
    CODE_B = 0x0015


class SurfaceFile:
    """Files of the surface application."""

    AGE = 0x0001
    FACE = 0x0002
    BASIC = 0x0003
    CERTIFICATE = 0x0004
    NUMBER_IMAGE = 0x0005
    BIRTH_PIN = 0x0011
    CODE_B = 0x0012
    CODE_A = 0x0013
