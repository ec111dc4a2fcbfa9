use proptest::prelude::*;

use super::*;
use crate::tiles::bits::{BitWriter, Number};
use crate::tiles::block::Block;
use crate::tiles::cache::Place;
use crate::tiles::command::{Change, Command, Commands};
use crate::tiles::content::{Content, Kind};
use crate::tiles::head::Shifts;
use crate::tiles::video::VideoCodec;
use crate::tiles::wire::Writer;
use crate::tiles::{Encoder, Frame, LARGEST_MESSAGE};

#[test]
fn the_sum_of_all_pictures_is_bounded() {
    let mut decoder = Decoder::new();
    let four_k = Size::new(3_840, 2_160).unwrap();
    for monitor in 0..4 {
        assert!(decoder.receive(&empty(monitor, four_k)).is_ok());
    }

    assert_eq!(decoder.receive(&empty(4, four_k)), Err(Malformed));
    assert!(decoder.picture(MonitorId(4)).is_none());
    decoder.forget(MonitorId(0));
    assert!(decoder.receive(&empty(4, four_k)).is_ok());
}

#[test]
fn what_a_video_shows_is_not_pixel_exact() {
    let (monitor, size) = (MonitorId(0), Size::new(100, 80).unwrap());
    let mut pixels = vec![0; size.area() * 4];
    let mut encoder = Encoder::new(monitor, &frame(size, &pixels));
    let mut decoder = Decoder::new();
    decoder
        .receive(&encoder.poll_batch(LARGEST_MESSAGE).unwrap())
        .unwrap();
    assert!(decoder.is_pixel_exact(monitor));
    let say = |decoder: &mut Decoder, turn| {
        let codec = VideoCodec::VP9;
        let message = VideoMessage {
            monitor,
            turn,
            codec,
        };
        decoder.receive(&message.encode()).unwrap();
        decoder.is_pixel_exact(monitor)
    };

    assert!(say(&mut decoder, VideoTurn::Offered));
    assert!(!say(&mut decoder, VideoTurn::Begins));
    // Whether all is as it was before, nobody has said.
    assert!(!say(&mut decoder, VideoTurn::Ends));
    assert!(encoder.poll_batch(LARGEST_MESSAGE).is_none());
    encoder.tell_again();
    let batch = encoder.poll_batch(LARGEST_MESSAGE).unwrap();
    decoder.receive(&batch).unwrap();
    assert!(decoder.is_pixel_exact(monitor));

    assert!(!say(&mut decoder, VideoTurn::Begins));
    pixels.fill(7);
    encoder.update(&frame(size, &pixels), &[size.rect()]);
    let batch = encoder.poll_batch(LARGEST_MESSAGE).unwrap();
    let Received::Batch(update) = decoder.receive(&batch).unwrap() else {
        panic!("it is a batch");
    };

    assert!(update.is_pixel_exact && decoder.is_pixel_exact(monitor));
}

fn frame(size: Size, pixels: &[u8]) -> Frame<'_> {
    Frame::new(size, usize::from(size.width()) * 4, pixels).unwrap()
}

#[test]
fn the_number_of_monitors_is_bounded() {
    let mut decoder = Decoder::new();
    let small = Size::new(1, 1).unwrap();
    for monitor in 0..16 {
        assert!(decoder.receive(&empty(monitor, small)).is_ok());
    }

    assert_eq!(decoder.receive(&empty(16, small)), Err(Malformed));
}

#[test]
fn a_monitor_keeps_its_size_within_an_epoch() {
    let mut decoder = Decoder::new();
    let size = |width| Size::new(width, 5).unwrap();
    decoder.receive(&empty(0, size(5))).unwrap();

    assert_eq!(decoder.receive(&empty(0, size(6))), Err(Malformed));
}

#[test]
fn a_picture_that_can_not_be_replaced_stays() {
    let mut decoder = Decoder::new();
    let size = |width| Size::new(width, 5).unwrap();
    decoder.receive(&empty(0, size(5))).unwrap();

    decoder.receive(&empty(0, size(6))).unwrap_err();

    let picture = decoder.picture(MonitorId(0)).unwrap();
    assert_eq!(picture.size(), size(5));
}

#[test]
fn what_a_malformed_message_did_is_in_the_hash() {
    let size = Size::new(100, 100).unwrap();
    let hash_after = |bytes: &[u8]| {
        let mut decoder = Decoder::new();
        let _ = decoder.receive(bytes);
        let Ok(Received::Batch(update)) = decoder.receive(&empty(0, size)) else {
            panic!("it is a batch");
        };
        update.receipt.hash
    };
    let (once, twice) = ([Command::NONE], [Command::NONE; 2]);

    assert_eq!(receive(&twice), Err(Malformed));
    assert_eq!(hash_after(&batch(&twice)), hash_after(&batch(&once)));
    assert_ne!(hash_after(&batch(&twice)), hash_after(&[]));
}

#[test]
fn a_tile_is_told_once_and_lies_in_the_picture() {
    let full = |tile| Command {
        tile,
        ..Command::NONE
    };

    assert!(receive(&[full(0), full(3)]).is_ok());
    assert_eq!(receive(&[full(0), full(0)]), Err(Malformed));
    assert_eq!(receive(&[full(4)]), Err(Malformed));
}

#[test]
fn a_part_lies_in_its_tile() {
    let part = |tile, width| Command {
        tile,
        change: Change::Part {
            part: Rect::new(0, 0, width, 1),
            generation: 0,
        },
        keep: None,
    };

    assert!(receive(&[part(1, 36)]).is_ok());
    assert_eq!(receive(&[part(1, 37)]), Err(Malformed));
}

#[test]
fn what_is_not_remembered_is_refused() {
    let known = Command {
        tile: 2,
        change: Change::Known(Place {
            slot: 7,
            generation: 1,
        }),
        keep: None,
    };

    let Ok(Received::Batch(update)) = receive(&[known]) else {
        panic!("it is a batch");
    };
    assert_eq!(update.receipt.refused, [2]);
    assert!(update.dirty.is_empty());
}

#[test]
fn nothing_may_be_missing_or_left() {
    let bytes = batch(&[Command::NONE]);

    assert!((0..bytes.len()).all(|length| Decoder::new().receive(&bytes[..length]).is_err()));
    assert!(
        Decoder::new()
            .receive(&[bytes.as_slice(), &[0]].concat())
            .is_err()
    );
    let empty = empty(0, Size::new(9, 9).unwrap());
    assert!(
        Decoder::new()
            .receive(&[empty.as_slice(), &[0]].concat())
            .is_err()
    );
}

/// Zeros behind the end would be read for ever.
#[test]
fn the_largest_head_without_a_body_is_refused() {
    let mut head = head(0, Size::new(8_192, 4_096).unwrap());
    head.tiles = 1_024;
    let mut writer = Writer::open(batch::KIND);
    head.write(&mut writer);

    assert_eq!(Decoder::new().receive(&writer.close()), Err(Malformed));
}

proptest! {
    // Shows: REQ-IN-04.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400), tiles in 0_u16..6) {
        let mut head = head(0, Size::new(100, 100).unwrap());
        head.tiles = tiles;
        let mut writer = Writer::open(batch::KIND);
        head.write(&mut writer);
        writer.bytes(&bytes);
        let mut decoder = Decoder::new();

        let _ = decoder.receive(&bytes);
        let _ = decoder.receive(&writer.close());
    }

    #[test]
    fn any_commands_are_read_or_refused(numbers in prop::collection::vec(any::<u32>(), 0..40), tiles in 0_u16..9) {
        let mut bits = BitWriter::new();
        let mut model = Number::new();
        for number in numbers {
            model.code(&mut bits, number);
        }
        let mut head = head(0, Size::new(100, 100).unwrap());
        head.tiles = tiles;
        let mut writer = Writer::open(batch::KIND);
        head.write(&mut writer);
        writer.bytes(&bits.finish());

        let _ = Decoder::new().receive(&writer.close());
    }
}

fn receive(commands: &[Command]) -> Result<Received, Malformed> {
    Decoder::new().receive(&batch(commands))
}

/// Of black tiles.
fn batch(commands: &[Command]) -> Vec<u8> {
    let size = Size::new(100, 100).unwrap();
    let mut bits = BitWriter::new();
    let mut model = Commands::new(1);
    let mut content = Content::new(8);
    for command in commands {
        model.code(&mut bits, *command);
        let rect = size.tile(command.tile).unwrap_or(Rect::new(0, 0, 64, 64));
        let mut block = match command.change {
            Change::Full => Block::new(rect.width, rect.height),
            Change::Part { part, .. } => Block::new(part.width, part.height),
            Change::Known(_) => continue,
        };
        content.code(&mut bits, &mut block, Kind::Solid);
    }
    let mut head = head(0, size);
    head.tiles = commands.len() as u16;
    let mut writer = Writer::open(batch::KIND);
    head.write(&mut writer);
    writer.bytes(&bits.finish());
    writer.close()
}

fn empty(monitor: u8, size: Size) -> Vec<u8> {
    let mut writer = Writer::open(batch::KIND);
    head(monitor, size).write(&mut writer);
    writer.close()
}

fn head(monitor: u8, size: Size) -> Head {
    Head {
        monitor: MonitorId(monitor),
        epoch: 1,
        number: 1,
        size,
        whole: None,
        memory_bits: 8,
        shifts: Shifts::default(),
        tiles: 0,
    }
}
