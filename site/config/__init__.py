"""The project: wires every room together and holds no rules."""

import sys
from pathlib import Path

# The one place that makes the rooms beside site/ importable, whoever started Python.
_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:
    sys.path.insert(0, _ROOT)
