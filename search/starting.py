"""The table of synonyms as a new platform begins it: the examples that people here ask by.

Administrators change it in the CMS afterwards. ``manage.py search_eval`` uses it where there is no
table to read.
"""

STARTING = (
    ("港鐵", "MTR", "地鐵"),
    ("𨋢", "升降機", "電梯", "lift"),
    ("垃圾徵費", "都市固體廢物收費"),
)
