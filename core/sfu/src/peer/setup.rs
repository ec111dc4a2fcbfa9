//! How the engine is set up.

use str0m::bwe::Bitrate;
use str0m::net::{Protocol, TcpType};
use str0m::{Candidate, RtcConfig};

use super::{MAX_BUFFERED_DATA, MAX_DATA_MESSAGE, Role, extensions, handshake, statistics};
use crate::io::Config;

pub(super) fn configuration(role: Role) -> RtcConfig {
    let estimates = role != Role::Publisher;
    RtcConfig::new()
        .set_crypto_provider(handshake::watched_provider())
        .set_ice_lite(true)
        .set_rtp_mode(true)
        .clear_codecs()
        .enable_opus(true, true)
        .enable_vp8(true)
        .enable_h264(true)
        .enable_vp9(true)
        .enable_av1(true)
        .set_extension_map(extensions::extension_map())
        .set_stats_interval(Some(statistics::INTERVAL))
        .set_sctp_max_buffered_amount(MAX_BUFFERED_DATA + MAX_DATA_MESSAGE)
        .enable_bwe(estimates.then_some(INITIAL_ESTIMATE))
}

/// Clients reach us at these; those that the engine refuses (say, of a multicast address) are
/// left out.
pub(super) fn host_candidates(config: &Config) -> Vec<Candidate> {
    let udp = config
        .udp
        .iter()
        .filter_map(|address| Candidate::host(*address, Protocol::Udp).ok());
    let tcp = config.tcp.iter().filter_map(|address| {
        let candidate = Candidate::builder().tcp().host(*address);
        candidate.tcptype(TcpType::Passive).build().ok()
    });
    udp.chain(tcp).collect()
}

/// Where the estimate starts: one 720p layer with audio. Too high fills the queue of a slow path
/// at the start; too low shows a fast one a small picture for some seconds.
const INITIAL_ESTIMATE: Bitrate = Bitrate::kbps(1_500);
