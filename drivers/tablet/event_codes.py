"""The numbers of linux/input-event-codes.h that a pen needs; replays need no evdev library."""

EV_SYN, EV_KEY, EV_ABS, EV_MSC = 0x00, 0x01, 0x03, 0x04

SYN_REPORT, SYN_DROPPED = 0, 3

ABS_X, ABS_Y = 0x00, 0x01
ABS_PRESSURE, ABS_DISTANCE = 0x18, 0x19
ABS_TILT_X, ABS_TILT_Y = 0x1A, 0x1B

BTN_TOOL_PEN, BTN_TOOL_RUBBER = 0x140, 0x141
BTN_TOOL_BRUSH, BTN_TOOL_PENCIL, BTN_TOOL_AIRBRUSH = 0x142, 0x143, 0x144
BTN_TOOL_FINGER, BTN_TOOL_MOUSE, BTN_TOOL_LENS = 0x145, 0x146, 0x147
BTN_TOUCH, BTN_STYLUS, BTN_STYLUS2 = 0x14A, 0x14B, 0x14C

WRITING_TOOLS = frozenset({BTN_TOOL_PEN, BTN_TOOL_BRUSH, BTN_TOOL_PENCIL, BTN_TOOL_AIRBRUSH})
"""Tools that leave ink."""

OTHER_TOOLS = frozenset({BTN_TOOL_RUBBER, BTN_TOOL_FINGER, BTN_TOOL_MOUSE, BTN_TOOL_LENS})
"""Tools whose reports are ignored: an eraser on a form erases nothing that was signed."""

EVENT_FORMAT = "llHHi"
"""struct input_event of this machine: seconds, microseconds, type, code, value."""
