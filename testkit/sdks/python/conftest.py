"""Rooms of the server under test, and participants that leave when a test ends.

LIVEKIT_URL names the server (default ws://127.0.0.1:7880), started with --dev.
"""

import os
import uuid

import pytest
from livekit import api

from party import Party

URL = os.environ.get("LIVEKIT_URL", "ws://127.0.0.1:7880")
KEY = os.environ.get("LIVEKIT_API_KEY", "devkey")
SECRET = os.environ.get("LIVEKIT_API_SECRET", "secret")


@pytest.fixture(params=["v0", "v1"])
def topology(request):
    """Two peer connections, or one."""
    return request.param


@pytest.fixture
async def party(topology):
    """A room for this test alone, in one of the two topologies."""
    party = Party(URL, KEY, SECRET, uuid.uuid4().hex, single=topology == "v1")
    yield party
    await party.end()


@pytest.fixture
async def one_party():
    """A room for what does not depend on the topology."""
    party = Party(URL, KEY, SECRET, uuid.uuid4().hex, single=True)
    yield party
    await party.end()


@pytest.fixture
async def server_api():
    """The server API with every grant that its methods need."""
    client = api.LiveKitAPI(URL, KEY, SECRET)
    yield client
    await client.aclose()
