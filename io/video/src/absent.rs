//! In libvpx's place, where it is not there: nothing opens.

use std::convert::Infallible;
use std::time::Duration;

use crate::{Encoded, I420, Unfit};

pub struct Encoder(Infallible);

impl Encoder {
    pub fn open(_width: u16, _height: u16, _kbps: u32) -> Option<Self> {
        None
    }

    pub fn set_rate(&mut self, _kbps: u32) {
        match self.0 {}
    }

    pub fn encode(
        &mut self,
        _picture: &I420,
        _at: Duration,
        _wants_key: bool,
    ) -> Result<Option<Encoded>, Unfit> {
        match self.0 {}
    }
}

pub struct Decoder(Infallible);

impl Decoder {
    pub fn open() -> Option<Self> {
        None
    }

    pub fn decode(&mut self, _bytes: &[u8]) -> Result<I420, Unfit> {
        match self.0 {}
    }
}
