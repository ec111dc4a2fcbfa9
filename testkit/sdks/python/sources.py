"""A camera and a microphone that need no device."""

import asyncio
import math

import numpy as np
from livekit import rtc


class Camera:
    """A moving bar over a gradient, so that each frame differs from the last."""

    def __init__(self, width, height, fps):
        self.source = rtc.VideoSource(width, height)
        self._width, self._height, self._fps = width, height, fps
        ramp = np.linspace(16, 200, width, dtype=np.uint8)
        self._luma = np.tile(ramp, (height, 1))
        self._chroma = np.full(width * height // 2, 128, dtype=np.uint8).tobytes()
        self._task = asyncio.create_task(self._run())

    async def _run(self):
        number = 0
        while True:
            luma = self._luma.copy()
            left = number * 8 % (self._width - 32)
            luma[:, left : left + 32] = 235
            frame = rtc.VideoFrame(
                self._width,
                self._height,
                rtc.VideoBufferType.I420,
                luma.tobytes() + self._chroma,
            )
            self.source.capture_frame(frame)
            number += 1
            await asyncio.sleep(1 / self._fps)

    async def stop(self):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class Tone:
    """A steady 440 Hz."""

    RATE = 48_000

    def __init__(self):
        self.source = rtc.AudioSource(self.RATE, 1)
        self._task = asyncio.create_task(self._run())

    async def _run(self):
        samples = self.RATE // 100
        position = 0
        while True:
            angles = (np.arange(samples) + position) * (2 * math.pi * 440 / self.RATE)
            wave = (np.sin(angles) * 12_000).astype(np.int16)
            position += samples
            await self.source.capture_frame(
                rtc.AudioFrame(wave.tobytes(), self.RATE, 1, samples)
            )

    async def stop(self):
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
