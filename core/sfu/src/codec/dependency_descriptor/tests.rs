use super::*;

#[test]
fn a_structure_is_read_and_later_frames_refer_to_it() {
    let key = Descriptor::parse(&key_of_l1t2(), None).unwrap();
    let structure = Arc::clone(&key.structure);
    // The end of frame 0x1235 of the second template.
    let delta = Descriptor::parse(&[0x41 | 0x80, 0x12, 0x35], Some(&structure)).unwrap();

    assert!(key.attached && key.starts_key_frame());
    assert_eq!(structure.decode_targets(), 2);
    assert_eq!(structure.resolutions(), [(1280, 720)]);
    let second = structure.decode_target(1).unwrap();
    assert_eq!((second.spatial, second.temporal), (0, 1));
    assert_eq!(second.chain, Some(0));
    assert_eq!(key.active_decode_targets, Some(0b11));
    assert_eq!(delta.temporal, 1);
    assert_eq!(delta.frame_number, 0x1235);
    assert_eq!(delta.indications.get(0), Indication::NotPresent);
    assert_eq!(delta.indications.get(1), Indication::Switch);
    assert_eq!(delta.chain_differences[0], 1);
    assert!(delta.starts_frame && delta.ends_frame && !delta.attached);
}

#[test]
fn a_frame_can_override_its_template() {
    let known = Descriptor::parse(&key_of_l1t2(), None).unwrap().structure;
    let mut writer = Writer::default();
    writer.put(0b11, 2).put(0, 6).put(7, 16);
    // Active decode targets, custom indications, differences and chains.
    writer.put(0b01111, 5).put(0b01, 2).put(0b1100, 4);
    writer
        .put(1, 2)
        .put(3, 4)
        .put(2, 2)
        .put(40, 8)
        .put(0, 2)
        .put(9, 8);

    let descriptor = Descriptor::parse(&writer.bytes(), Some(&known)).unwrap();

    assert_eq!(descriptor.active_decode_targets, Some(0b01));
    assert_eq!(descriptor.indications.get(0), Indication::Required);
    assert_eq!(descriptor.indications.get(1), Indication::NotPresent);
    assert_eq!(
        descriptor.references.differences().collect::<Vec<_>>(),
        [4, 41]
    );
    assert_eq!(descriptor.chain_differences[0], 9);
}

#[test]
fn a_frame_without_a_known_structure_is_refused() {
    let parsed = Descriptor::parse(&[0xc0, 0, 1], None);

    assert_eq!(parsed, Err(Malformed::NoStructure));
}

#[test]
fn a_template_that_does_not_exist_is_refused() {
    let known = Descriptor::parse(&key_of_l1t2(), None).unwrap().structure;

    let parsed = Descriptor::parse(&[0xc0 | 9, 0, 1], Some(&known));

    assert_eq!(parsed, Err(Malformed::Invalid));
}

#[test]
fn each_truncation_is_refused() {
    let key = key_of_l1t2();

    for length in 0..key.len() {
        assert!(Descriptor::parse(&key[..length], None).is_err(), "{length}");
    }
}

#[test]
fn more_than_64_templates_are_refused() {
    let mut writer = Writer::default();
    writer.put(0xc0, 8).put(1, 16).put(0b10000, 5);
    writer.put(0, 6).put(0, 5);
    for _ in 0..MAX_TEMPLATES {
        writer.put(0, 2);
    }

    let parsed = Descriptor::parse(&writer.bytes(), None);

    assert_eq!(parsed, Err(Malformed::Invalid));
}

/// A key frame of one spatial and two temporal layers, protected by one chain.
fn key_of_l1t2() -> Vec<u8> {
    let mut writer = Writer::default();
    // Starts and ends frame 0x1234 of template 0, attaches a structure.
    writer.put(0xc0, 8).put(0x1234, 16).put(0b10000, 5);
    // Template ids from 0, two decode targets; templates T0, T1.
    writer.put(0, 6).put(1, 5).put(1, 2).put(3, 2);
    // T0 is a switch for both, T1 for the second only.
    writer.put(0b1010, 4).put(0b0010, 4);
    // T0 refers two frames back, T1 one.
    writer.put(1, 1).put(1, 4).put(0, 1);
    writer.put(1, 1).put(0, 4).put(0, 1);
    // One chain (below 3: value 1 takes two bits), which protects both; its differences.
    writer.put(0b10, 2).put(0, 4).put(1, 4);
    writer.put(1, 1).put(1279, 16).put(719, 16);
    writer.bytes()
}

#[derive(Default)]
struct Writer(Vec<bool>);

impl Writer {
    fn put(&mut self, number: u32, count: u32) -> &mut Self {
        self.0
            .extend((0..count).rev().map(|bit| (number >> bit) & 1 == 1));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        self.0
            .chunks(8)
            .map(|bits| {
                let packed = bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
                packed << (8 - bits.len())
            })
            .collect()
    }
}
