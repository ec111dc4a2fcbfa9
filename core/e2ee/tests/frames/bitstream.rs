//! Plain readers of H264 and AV1, written apart from those that are tested.

/// The units of an Annex B stream, with zeros behind them. Panics where it is none.
pub(crate) fn units(stream: &[u8]) -> Vec<&[u8]> {
    let mut starts = Vec::new();
    for at in 0..stream.len().saturating_sub(2) {
        if stream[at..at + 3] == [0, 0, 1] {
            starts.push(at);
        }
    }
    assert!(starts[0] <= 1, "the stream begins with a start code");
    let ends = starts[1..].iter().copied().chain([stream.len()]);
    let units = starts.iter().zip(ends);
    units.map(|(start, end)| &stream[start + 3..end]).collect()
}

/// The numbers of a unit's head in Golomb's code, with the escapes taken out.
pub(crate) fn golomb<const N: usize>(unit: &[u8]) -> [u32; N] {
    let mut plain = Vec::new();
    for (at, byte) in unit.iter().enumerate() {
        let escape = *byte == 3 && at >= 2 && unit[at - 2..at] == [0, 0];
        plain.extend((!escape).then_some(*byte));
    }
    let bits = plain[1..]
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |at| u32::from(byte >> at & 1)));
    let mut bits = bits.collect::<Vec<u32>>().into_iter();
    std::array::from_fn(|_| {
        let zeros = bits.by_ref().take_while(|bit| *bit == 0).count();
        let tail = bits.by_ref().take(zeros);
        tail.fold(1, |value, bit| value << 1 | bit) - 1
    })
}

pub(crate) struct Obu {
    pub(crate) kind: u8,
    pub(crate) extension: Option<u8>,
    pub(crate) payload: Vec<u8>,
}

/// The units of a temporal unit in which each tells its size. Panics where it is none.
pub(crate) fn obus(mut stream: &[u8]) -> Vec<Obu> {
    let mut obus = Vec::new();
    while !stream.is_empty() {
        let header = stream[0];
        assert_eq!(header & 0x80, 0, "the forbidden bit");
        assert_eq!(header & 0x02, 0x02, "each tells its size");
        let mut at = 1;
        let extension = (header & 0x04 != 0).then(|| stream[1]);
        at += usize::from(extension.is_some());
        let mut size = 0;
        for shift in (0..).step_by(7) {
            let byte = stream[at];
            at += 1;
            size |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        obus.push(Obu {
            kind: header >> 3,
            extension,
            payload: stream[at..at + size].to_vec(),
        });
        stream = &stream[at + size..];
    }
    obus
}
