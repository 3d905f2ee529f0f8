"""The configuration of the demo's hub."""

from typing import Final

from provisioning.demo.places import LOOPBACK, OFFICE, Places

DAY_S: Final = 10
"""So long is a day of waiting for a message to be read: reminders come after 30 and 70 seconds."""
SHORTENED: Final = 24 * 3600 / DAY_S


def hub_toml(places: Places) -> str:
    """hub.toml: everything on this machine, and waiting that takes seconds where it takes days."""
    return f"""# The demo office. hub/hub.example.toml explains every key.
[office]
code = "{OFFICE}"
name = "見本市"
environment = "demo"

[authority]
url = "https://{LOOPBACK}:{places.authority_port}"
refresh_seconds = 5.0

[broker]
child = false
port = {places.broker_port}

[cards]
anchors = "{places.card_pki}"

[precedents]
folder = "{places.laws}"

[sending]
section = "市民課"
telephone = "042-000-0000"

[channels.mynaportal]
url = "http://{LOOPBACK}:{places.simulator_port}"
token_file = "{places.channel_secrets / "mynaportal"}"

[channels.sms]
url = "http://{LOOPBACK}:{places.simulator_port}/webhook/sms"
secret_file = "{places.channel_secrets / "sms"}"

[channels.letter]
folder = "{places.letters}"

[delivery]
retry_seconds = 5.0
first_reminder_days = {3 / SHORTENED:.6f}
second_reminder_days = {7 / SHORTENED:.6f}
next_channel_days = {10 / SHORTENED:.6f}
poll_seconds = 1.0

[web]
port = {places.hub_port}
secure_cookies = false
"""
