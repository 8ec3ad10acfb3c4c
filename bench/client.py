"""A small load client, a process of its own: one JSON line in is one round, one line out.

``{"port": 8000, "threads": 4, "requests": [{"method", "path", "headers", "body", "status"}]}`` is
answered by ``{"seconds": 1.2}`` or ``{"fault": "..."}``. Connections stay open through a round.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from typing import Any


def _worker(
    port: int, requests: list[dict[str, Any]], gate: threading.Barrier, faults: list[str]
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    gate.wait()
    try:
        for each in requests:
            connection.request(each["method"], each["path"], each.get("body"), each["headers"])
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != each["status"]:
                faults.append(f"{each['method']} {each['path']}: {answer.status} {body[:300]!r}")
                return
    except (OSError, http.client.HTTPException) as problem:
        faults.append(repr(problem))
    finally:
        connection.close()


def play(port: int, threads: int, requests: list[dict[str, Any]]) -> dict[str, Any]:
    """Send all requests over ``threads`` connections; how long it took."""
    gate, faults = threading.Barrier(threads + 1), list[str]()
    running = [
        threading.Thread(target=_worker, args=(port, requests[number::threads], gate, faults))
        for number in range(threads)
    ]
    for thread in running:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in running:
        thread.join()
    seconds = time.perf_counter() - began
    return {"fault": faults[0]} if faults else {"seconds": seconds}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(play(**json.loads(line))), flush=True)
