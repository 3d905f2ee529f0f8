"""The counter unit's configuration in the demo."""

from provisioning.demo.places import Places
from provisioning.durable import write_file


def write_unit_config(places: Places) -> None:
    """Write unit.toml (edge/unit.example.toml explains every key)."""
    text = f"""# The demo's counter unit.
[unit]
identity = "identity"
state = "state"

[resident]
port = {places.resident_port}

[clerk]
port = {places.clerk_port}

[tablet]
address = "evdev:/dev/input/event0"
browser_pen = true

[card_reader]
address = "pcsc:0"
anchors = "{places.card_pki}"
"""
    write_file(places.unit_config, text.encode())
