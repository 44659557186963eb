"""A bare loop of `requests` that posts messages: `python -m tests.benchmarks.posting URL COUNT`."""

from __future__ import annotations

import json
import sys
import threading
import time

import requests

from api.worker import THREADS


def post(url: str, count: int) -> float:
    """Post so many messages on the worker's number of threads and return how many a second that were."""
    numbers = iter(range(count))
    lock = threading.Lock()

    def work() -> None:
        with requests.Session() as session:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                session.post(url, json={"content": f"Your code is {123456}.", "to": f"+{number}"}, timeout=10)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    print(json.dumps({"rate": post(sys.argv[1], int(sys.argv[2]))}))
