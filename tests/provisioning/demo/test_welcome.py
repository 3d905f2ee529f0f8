from provisioning.demo.panel.server import Visit
from provisioning.demo.preparation import make_accounts
from provisioning.demo.welcome import welcome


def test_every_address_and_login_is_shown_once_in_columns() -> None:
    accounts = make_accounts()
    pages = ("http://one/?token=a", "http://two/?token=b", "http://three/", "http://four/")
    visit = Visit(*pages, "laws", accounts)
    lines = welcome("http://panel/", visit).splitlines()
    addresses = [line for line in lines if "http" in line]
    assert [line.split()[-1] for line in addresses] == [
        "http://panel/",
        *pages,
    ]
    for account in accounts:
        (row,) = [line for line in lines if account.staff_id in line.split()]
        assert row.split()[:4] == [
            account.staff_id,
            account.pin,
            account.login,
            account.password,
        ]
        assert row.endswith(account.name)


def test_no_two_demos_share_a_password_or_pin() -> None:
    first, second = make_accounts(), make_accounts()
    assert {a.password for a in first}.isdisjoint({a.password for a in second})
    assert {a.pin for a in first} != {a.pin for a in second}
