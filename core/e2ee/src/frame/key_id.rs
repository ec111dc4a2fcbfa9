//! Which key sealed a frame: an epoch's, a member's, a stream's (RFC 9605, section 5.2).

/// A member's place in the group's tree, 0 to 65,535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leaf(u16);

impl Leaf {
    /// The creator's.
    pub(crate) const FIRST: Self = Self(0);

    /// `None` beyond what a key id can name.
    pub fn new(index: u32) -> Option<Self> {
        u16::try_from(index).ok().map(Self)
    }

    pub fn index(self) -> u32 {
        u32::from(self.0)
    }
}

/// One of a member's streams, 0 to 63. The sender names it; a receiver learns it from the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Context(u8);

/// Streams that a member can have at a time. More would lengthen nothing: the leaf below sets
/// the key id's length.
pub const MAX_CONTEXTS: u8 = 64;

impl Context {
    pub(super) const FIRST: Self = Self(0);
    pub(super) const SECOND: Self = Self(1);

    /// `None` from [`MAX_CONTEXTS`] on.
    pub fn new(number: u8) -> Option<Self> {
        (number < MAX_CONTEXTS).then_some(Self(number))
    }

    pub fn number(self) -> u8 {
        self.0
    }

    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..MAX_CONTEXTS).map(Self)
    }
}

/// The low bits of the epoch, the leaf above them, the context on top.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyId {
    pub(super) epoch: u8,
    pub(super) leaf: Leaf,
    pub(super) context: Context,
}

impl KeyId {
    pub(super) fn new(epoch: u64, leaf: Leaf, context: Context) -> Self {
        Self {
            epoch: low_bits(epoch),
            leaf,
            context,
        }
    }

    /// `None` where the bits name no context.
    pub(super) fn from_bits(bits: u64) -> Option<Self> {
        let context = u8::try_from(bits >> (EPOCH_BITS + LEAF_BITS)).ok()?;
        Some(Self {
            epoch: low_bits(bits),
            leaf: Leaf((bits >> EPOCH_BITS) as u16),
            context: Context::new(context)?,
        })
    }

    pub(super) fn bits(self) -> u64 {
        u64::from(self.context.0) << (EPOCH_BITS + LEAF_BITS)
            | u64::from(self.leaf.0) << EPOCH_BITS
            | u64::from(self.epoch)
    }
}

/// What frames tell of an epoch: its number modulo 256.
pub(super) fn low_bits(epoch: u64) -> u8 {
    epoch as u8
}

/// E: at most 256 epochs can be told apart.
const EPOCH_BITS: u32 = 8;
/// S.
const LEAF_BITS: u32 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_lie_as_the_rfc_says() {
        let leaf = Leaf::new(0xabcd).unwrap();
        let context = Context::new(0x3f).unwrap();

        let id = KeyId::new(0x1_0012, leaf, context);

        assert_eq!(id.bits(), 0x3fab_cd12);
        assert!(KeyId::from_bits(id.bits()) == Some(id));
    }

    #[test]
    fn bits_above_the_last_context_name_nothing() {
        assert!(KeyId::from_bits(0x4000_0000).is_none());
        assert!(KeyId::from_bits(u64::MAX).is_none());
        assert!(Leaf::new(0x1_0000).is_none());
        assert!(Context::new(MAX_CONTEXTS).is_none());
    }
}
