"""The ground's addresses: open to everybody, and nothing can be written there."""

from tests.permissions.rows import Row, everyone

ROWS = [
    Row("root", "GET", everyone(302)),
    Row("healthz", "GET", everyone(200)),
    Row("robots", "GET", everyone(200)),
    Row("core:about", "GET", everyone(200), kwargs=lambda world, role: {"slug": "how"}),
    Row("core:components", "GET", everyone(200)),
]
