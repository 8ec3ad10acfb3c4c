"""The tests' settings for a process that a test starts: its database is the test's own."""

import json
import os

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES, KAIFONG

DATABASES["default"]["NAME"] = os.environ["KAIFONG_TEST_DATABASE"]
KAIFONG = {**KAIFONG, "VOUCHER_SUPPLIERS": json.loads(os.environ["KAIFONG_TEST_SUPPLIERS"])}
