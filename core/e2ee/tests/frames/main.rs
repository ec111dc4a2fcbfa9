//! Sealed frames as others see them: a foreign SFrame, packetisers, and whoever tampers with them.

#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test fails so")]

mod bitstream;
mod codecs;
mod foreign;
mod meeting;
mod tampering;
