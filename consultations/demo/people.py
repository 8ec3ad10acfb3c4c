"""Who takes part in the demonstration: accounts with the printed password, and neighbours."""

#: e-mail name -> (role or '', bureau code or ''), all at demo.example.
ACCOUNTS: dict[str, tuple[str, str]] = {
    "citizen": ("", ""),
    "citizen2": ("", ""),
    "officer": ("officer", "EPD"),
    "approver": ("approver", "EPD"),
    "officer2": ("officer", "LCSD"),
    "moderator": ("moderator", ""),
    "juror": ("juror", ""),
    "admin": ("administrator", ""),
}

#: Names colleagues and readers see for those accounts.
ACCOUNT_NAMES = {
    "citizen": "Mei Foo reader",
    "citizen2": "觀塘街坊",
}

#: The language of mails, where it is not English.
LANGUAGES_OF = {"citizen2": "zh-hant", "officer2": "zh-hant", "approver-lcsd": "zh-hant"}

#: key -> (display name, language)
NEIGHBOURS: dict[str, tuple[str, str]] = {
    "ssp": ("深水埗師奶", "zh-hant"),
    "tm": ("屯門家長", "zh-hant"),
    "tw": ("Tsuen Wan tenant", "en"),
    "st": ("沙田夜更人", "zh-hant"),
    "tko": ("Tseung Kwan O cyclist", "en"),
    "cw": ("中西區老街坊", "zh-hant"),
    "yl": ("元朗开店的", "zh-hans"),
    "ti": ("Islands ferry rider", "en"),
    "kc": ("葵涌清潔工", "zh-hant"),
    "wts": ("黄大仙新来港", "zh-hans"),
    "sk": ("西貢行山人", "zh-hant"),
    "np": ("North Point nurse", "en"),
    "tp": ("大埔退休教師", "zh-hant"),
    "ytm": ("Yau Ma Tei trader", "en"),
}
