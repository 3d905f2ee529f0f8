"""The contract of a channel, over every channel, each with the real service behind it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from hub.messages.channels.channel import PermanentError, TemporaryError
from hub.messages.delivery.states import Purpose
from tests.system.delivery import services
from tests.system.delivery.paper import pages
from tests.system.delivery.services import Service, parcel

pytestmark = [pytest.mark.system, pytest.mark.timeout(90)]

Open = Callable[[Path], AbstractContextManager[Service]]


def letter(folder: Path) -> AbstractContextManager[Service]:
    return services.letter(folder, pages((30, 100, "本文")))


SERVICES: dict[str, Open] = {
    "mynaportal": services.mynaportal,
    "email": services.mail,
    "sms": partial(services.webhook, kind="sms"),
    "line": partial(services.webhook, kind="line"),
    "drop": services.drop,
    "sftp": services.sftp,
    "letter": letter,
}


@pytest.fixture(scope="module", params=list(SERVICES))
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    with SERVICES[request.param](tmp_path_factory.mktemp(request.param)) as found:
        yield found


def test_what_it_took_arrived(service: Service):
    handed = service.channel.send(parcel("key-1", service.address))
    assert handed.reference
    assert service.arrived().count("key-1") == 1


def test_the_same_key_again_is_one_or_bears_one_name(service: Service):
    for _ in range(2):
        service.channel.send(parcel("key-2", service.address))
    times = service.arrived().count("key-2")
    assert times == (1 if service.channel.traits.keeps_keys else 2)


def test_out_of_reach_is_temporary(service: Service):
    with pytest.raises(TemporaryError):
        service.broken.send(parcel("key-3", service.address))
    assert "key-3" not in service.arrived()


def test_an_announcement_is_taken_where_it_may_be(service: Service):
    announces = service.channel.traits.announces
    if announces:
        service.channel.send(parcel("key-4", service.address, Purpose.ANNOUNCEMENT))
    assert ("key-4" in service.arrived()) is announces


def test_a_check_goes_to_the_office_alone(service: Service):
    assert service.channel.check()


def test_reports_go_on_from_their_cursor(service: Service):
    _, cursor = service.channel.receipts("")
    again, after = service.channel.receipts(cursor)
    assert (list(again), after) == ([], cursor)


def test_paper_needs_an_address(service: Service):
    without = replace(parcel("key-5", service.address), postal=None)
    if service.channel.traits.paper:
        with pytest.raises(PermanentError):
            service.channel.send(without)
    else:
        assert service.channel.send(without).reference
