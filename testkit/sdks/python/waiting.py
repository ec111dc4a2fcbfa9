"""Bounded waits on conditions."""

import asyncio
import time

# A busy machine is slow, not wrong: the time is more than anything needs.
SECONDS = 60.0


async def until(condition, what, seconds=SECONDS):
    """Waits until `condition()` is true and returns its value; fails with `what` it waited for."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.05)


async def stays(condition, what, seconds=1.0):
    """Fails as soon as `condition()` is false within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert condition(), f"it did not stay so: {what}"
        await asyncio.sleep(0.05)
