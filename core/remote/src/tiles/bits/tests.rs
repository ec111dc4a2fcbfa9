use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn bits_of_any_chances_are_read_as_they_were_written(
        bits in prop::collection::vec((0_usize..4, any::<bool>()), 0..3_000),
        skew in 0_usize..4,
    ) {
        // Long runs of one bit make carries and the rarest chances.
        let bits: Vec<_> = bits.iter().map(|(kind, bit)| (*kind, *bit && *kind != skew)).collect();
        let mut writer = BitWriter::new();
        let mut chances = [Chance::default(); 4];
        bits.iter().for_each(|(kind, bit)| {
            writer.bit(&mut chances[*kind], *bit);
        });
        let length = writer.length();
        let bytes = writer.finish();
        prop_assert_eq!(bytes.len(), length);

        let mut reader = BitReader::new(&bytes);
        let mut chances = [Chance::default(); 4];
        for (kind, bit) in &bits {
            prop_assert_eq!(reader.bit(&mut chances[*kind], false), *bit);
        }
        prop_assert!(reader.is_done());
    }

    #[test]
    fn what_follows_may_be_cut_off(
        bits in prop::collection::vec(any::<bool>(), 1..2_000),
        at in any::<prop::sample::Index>(),
    ) {
        let kept = at.index(bits.len());
        let mut writer = BitWriter::new();
        let mut chance = Chance::default();
        let mut length = writer.length();
        for (at, bit) in bits.iter().enumerate() {
            writer.bit(&mut chance, *bit);
            if at + 1 == kept {
                length = writer.length();
            }
        }
        let mut bytes = writer.finish();
        bytes.truncate(length);

        let mut reader = BitReader::new(&bytes);
        let mut chance = Chance::default();
        for bit in &bits[..kept] {
            prop_assert_eq!(reader.bit(&mut chance, false), *bit);
        }
        prop_assert!(reader.is_done());
    }

    #[test]
    fn numbers_are_read_as_they_were_written(
        numbers in prop::collection::vec(any::<u32>(), 0..100),
        shift in 0_u32..32,
    ) {
        let numbers: Vec<u32> = numbers.iter().map(|number| number >> shift).collect();
        let mut writer = BitWriter::new();
        let mut model = Number::new();
        numbers.iter().for_each(|number| {
            model.code(&mut writer, *number);
        });
        let bytes = writer.finish();

        let mut reader = BitReader::new(&bytes);
        let mut model = Number::new();
        for number in &numbers {
            prop_assert_eq!(model.code(&mut reader, 0), *number);
        }
        prop_assert!(reader.is_done());
    }

    #[test]
    fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let mut reader = BitReader::new(&bytes);
        let mut model = Number::new();
        (0..200).for_each(|_| {
            model.code(&mut reader, 0);
        });
        prop_assert!(!reader.is_done());
    }
}

#[test]
fn what_is_always_so_costs_little() {
    let mut writer = BitWriter::new();
    let mut chance = Chance::default();
    (0..80_000).for_each(|_| {
        writer.bit(&mut chance, false);
    });

    assert!(writer.length() < 80);
}
