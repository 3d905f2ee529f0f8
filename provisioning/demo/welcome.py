"""What the demo prints when it is open: addresses and logins, Japanese first."""

from provisioning.catalogue import LANGUAGES, catalogue
from provisioning.demo.panel.server import Visit


def welcome(panel_url: str, visit: Visit) -> str:
    """The lines for the terminal."""
    return "\n".join(_in(language, panel_url, visit) for language in LANGUAGES)


def _in(language: str, panel_url: str, visit: Visit) -> str:
    words = catalogue(language)["panel"]
    lines = [
        f"  {words['title']}: {panel_url}?lang={language}",
        f"  {words['resident_page']}: {visit.resident}",
        f"  {words['clerk_page']}: {visit.clerk}",
        f"  {words['office_page']}: {visit.office}",
        f"  {words['logins']}:",
    ]
    for account in visit.accounts:
        roles = ", ".join(words[f"role_{role}"] for role in account.roles)
        lines.append(
            f"    {account.name} ({roles})  {words['staff_id']} {account.staff_id}  "
            f"{words['pin']} {account.pin}  {words['login']} {account.login}  "
            f"{words['password']} {account.password}"
        )
    return "\n".join([words["open"], *lines, words["stop"], ""])
