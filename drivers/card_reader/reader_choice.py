"""Which of the readers that pcscd names an address means."""


def choose_reader(names: list[str], wanted: str) -> str | None:
    """The reader an address means, or None.

    A number counts in pcscd's order, other text is a name or a part of one, empty text takes
    the first.
    """
    if wanted.isdigit() and wanted not in names:
        index = int(wanted)
        return names[index] if index < len(names) else None
    exact = [name for name in names if name == wanted]
    partial = [name for name in names if wanted in name]
    return next(iter(exact or partial), None)
