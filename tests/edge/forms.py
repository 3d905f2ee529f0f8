"""A form of moving in that no rule blocks, as a clerk types it."""

import datetime as dt

HEAD = "髙橋　健一"
ADDRESS = {
    "lg_code": "131016",
    "prefecture_city": "東京都千代田区",
    "town": "一番町",
    "lot": "1番地",
}
OLD_ADDRESS = {"prefecture_city": "青海県白波市", "town": "港町二丁目", "lot": "3番4号"}
FORM = {
    "moved_on": (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=3)).isoformat(),
    "new_address": ADDRESS,
    "old_address": OLD_ADDRESS,
    "new_household": "new",
    "new_household_head": HEAD,
    "notifier_name": HEAD,
    "notifier_relation": "self",
    "contact": "03-0000-0000",
    "transfer_certificate": {"kind": "paper"},
    "persons/p1/name": HEAD,
    "persons/p1/birth_date": "昭和59年5月17日",
    "persons/p1/sex": "male",
    "persons/p1/relationship": "head",
    "persons/p1/registered_domicile": "青海県白波市港町二丁目3番",
    "persons/p1/domicile_head": HEAD,
    "persons/p2/name": "髙橋　〓子",
    "persons/p2/kana": "タカハシ ヨシコ",
    "persons/p2/birth_date": "平成元年1月8日",
    "persons/p2/sex": "female",
    "persons/p2/relationship": "wife",
    "persons/p2/registered_domicile": "青海県白波市港町二丁目3番",
    "persons/p2/domicile_head": HEAD,
}
