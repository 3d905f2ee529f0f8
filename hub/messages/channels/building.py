"""The channels of one office, out of its settings."""

from collections.abc import Callable, Mapping

from hub.characters.store import own_outlines
from hub.clock import Clock
from hub.keys.ring import KeyRing
from hub.messages.channels.channel import Channel
from hub.messages.channels.configuration import Channels
from hub.messages.channels.drop import DropChannel
from hub.messages.channels.email import EmailChannel
from hub.messages.channels.letter import LetterChannel
from hub.messages.channels.mynaportal import MynaportalChannel
from hub.messages.channels.rendering import SignedRendering
from hub.messages.channels.webhook import LINE, SMS, WebhookChannel
from hub.office import Office
from intake.characters.glyphs import OwnOutlines


def build(
    settings: Channels, office: str, ring: KeyRing, clock: Clock, own: Callable[[], OwnOutlines]
) -> tuple[Channel, ...]:
    """Every channel that is configured. office: its name, as residents know it.

    own: the outlines of the office's own characters, as they are when a letter is made.
    ChannelSettingsError when settings cannot be meant.
    """
    rendering = SignedRendering(ring.message_certificates, own)
    found: list[Channel] = []
    if settings.mynaportal.url:
        found.append(MynaportalChannel(settings.mynaportal))
    if settings.email.host:
        found.append(EmailChannel(settings.email, office, rendering, clock))
    for kind, webhook in ((SMS, settings.sms), (LINE, settings.line)):
        if webhook.url:
            found.append(WebhookChannel(kind, webhook, office, rendering, clock))
    if settings.drop.folder is not None or settings.drop.sftp_host:
        found.append(DropChannel(settings.drop, ring.message_key, clock))
    if settings.letter.folder is not None:
        found.append(LetterChannel(settings.letter, rendering))
    return tuple(found)


def channels_of(office: Office) -> tuple[Channel, ...]:
    """Every channel that this office has configured."""
    settings, code = office.settings, office.settings.office.code
    return build(
        settings.channels,
        settings.office.name,
        office.ring,
        office.clock,
        lambda: own_outlines(office.database, code),
    )


def rates(settings: Channels) -> Mapping[str, float]:
    """How many calls a second each channel takes at most; 0: as many as there are."""
    return {
        "mynaportal": settings.mynaportal.per_second,
        "email": settings.email.per_second,
        "sms": settings.sms.per_second,
        "line": settings.line.per_second,
        "drop": settings.drop.per_second,
        "letter": settings.letter.per_second,
    }
