mod call;
mod calls;
mod data;
mod defence;
mod ice;
mod media;
mod negotiation;

use std::sync::Arc;

use rand::Rng;
use str0m::change::SdpApi;
use str0m::channel::ChannelConfig;
use str0m::media::{Direction, MediaKind, Mid as EngineMid, Simulcast, SimulcastLayer};
use str0m::rtp::{ExtensionValues, RtpWrite};
use str0m::{Event, IceConnectionState};

use self::call::{Call, config};
use super::sinks::engine_mid;
use super::*;
use crate::sdp::{AnswerPlan, Kind, Offer, Receive as Receiving, Source, recorded};
use crate::test_time;
