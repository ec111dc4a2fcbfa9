//! Data channels.

use super::calls::*;
use super::*;

#[test]
fn large_messages_pass_both_ways() {
    let (mut call, id) = data_call();
    let message: Vec<u8> = (0..64_000_u32).map(|n| n as u8).collect();

    call.peer
        .send_data(call.now, DataChannel::Reliable, &message)
        .unwrap();
    call.change_client(|rtc| {
        let written = rtc.channel(id).unwrap().write(true, &message);
        assert_eq!(written.ok(), Some(true));
    });
    call.run(Duration::from_secs(2));

    let to_client = call.heard.iter().find_map(|event| match event {
        Event::ChannelData(data) => Some(&data.data),
        _ => None,
    });
    let to_server = call.said.iter().find_map(|output| match output {
        PeerOutput::Data {
            channel: DataChannel::Reliable,
            bytes,
        } => Some(bytes),
        _ => None,
    });
    assert_eq!(to_client, Some(&message));
    assert_eq!(to_server, Some(&message));
}

#[test]
fn a_client_that_does_not_read_fills_its_buffer_and_no_more() {
    let (mut call, _) = data_call();
    call.loss = 1.0;
    let message = vec![0; 64_000];

    let refused = (0..1_000).find_map(|n| {
        let sent = call
            .peer
            .send_data(call.now, DataChannel::Reliable, &message);
        sent.err().map(|error| (n, error))
    });

    let (accepted, error) = refused.unwrap();
    assert_eq!(error, DataError::Full);
    assert!(accepted * message.len() <= MAX_BUFFERED_DATA + message.len());
    let too_long = vec![0; MAX_DATA_MESSAGE + 1];
    assert_eq!(
        call.peer
            .send_data(call.now, DataChannel::Reliable, &too_long),
        Err(DataError::TooLong)
    );
    assert_eq!(
        call.peer.send_data(call.now, DataChannel::Lossy, b"x"),
        Err(DataError::NotOpen)
    );
}

#[test]
fn a_client_that_opens_channels_without_end_is_closed() {
    let (mut call, _) = data_call();

    call.change_client(|rtc| {
        let mut api = rtc.sdp_api();
        for n in 0..100 {
            api.add_channel(format!("channel {n}"));
        }
        assert!(api.apply().is_none());
    });
    call.run(Duration::from_secs(2));

    assert!(call.peer.is_dead());
    assert!(matches!(call.said.last(), Some(PeerOutput::Closed)));
}
