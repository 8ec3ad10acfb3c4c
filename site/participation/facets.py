"""What an engagement is filed under: DATA.GOV.HK's twenty topics, the 18 districts."""

from django.utils.translation import gettext_lazy as _

TOPICS = [
    ("city-management", _("City Management and Utilities")),
    ("climate", _("Climate and Weather")),
    ("commerce", _("Commerce and Industry")),
    ("community", _("Community and Social Welfare")),
    ("development", _("Development, Geography and Land Information")),
    ("education", _("Education")),
    ("election", _("Election and Legislature")),
    ("employment", _("Employment and Labour")),
    ("environment", _("Environment")),
    ("finance", _("Finance")),
    ("food", _("Food")),
    ("health", _("Health")),
    ("housing", _("Housing")),
    ("law", _("Law and Security")),
    ("population", _("Population")),
    ("recreation", _("Recreation, Sports and Culture")),
    ("technology", _("Technology and Broadcasting")),
    ("tourism", _("Tourism")),
    ("transport", _("Transportation")),
    ("miscellaneous", _("Miscellaneous")),
]

DISTRICTS = [
    ("central-western", _("Central and Western")),
    ("eastern", _("Eastern")),
    ("southern", _("Southern")),
    ("wan-chai", _("Wan Chai")),
    ("kowloon-city", _("Kowloon City")),
    ("kwun-tong", _("Kwun Tong")),
    ("sham-shui-po", _("Sham Shui Po")),
    ("wong-tai-sin", _("Wong Tai Sin")),
    ("yau-tsim-mong", _("Yau Tsim Mong")),
    ("islands", _("Islands")),
    ("kwai-tsing", _("Kwai Tsing")),
    ("north", _("North")),
    ("sai-kung", _("Sai Kung")),
    ("sha-tin", _("Sha Tin")),
    ("tai-po", _("Tai Po")),
    ("tsuen-wan", _("Tsuen Wan")),
    ("tuen-mun", _("Tuen Mun")),
    ("yuen-long", _("Yuen Long")),
]
