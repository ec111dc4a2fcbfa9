//! Reads and writes the fields of a message: big-endian, a length before each text, one form for each value.

use super::{LARGEST_MESSAGE, VERSION};

/// Not a message of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// What is left of a message.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Behind the version.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Self(bytes);
        let fits = bytes.len() <= LARGEST_MESSAGE;
        match fits && reader.u8()? == VERSION {
            true => Ok(reader),
            false => Err(Malformed),
        }
    }

    /// Nothing may be left.
    pub(super) fn close(self) -> Result<(), Malformed> {
        self.0.is_empty().then_some(()).ok_or(Malformed)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn u8(&mut self) -> Result<u8, Malformed> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Malformed> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn i16(&mut self) -> Result<i16, Malformed> {
        self.array().map(i16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Malformed> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Malformed> {
        self.array().map(u64::from_be_bytes)
    }

    pub(super) fn flag(&mut self) -> Result<bool, Malformed> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed),
        }
    }

    /// With its length before it.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = usize::from(self.u16()?);
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Malformed)
    }
}

/// A message as it is written.
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn open() -> Self {
        Self(vec![VERSION])
    }

    pub(super) fn close(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn array<const N: usize>(&mut self, bytes: [u8; N]) {
        self.0.extend_from_slice(&bytes);
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.array(value.to_be_bytes());
    }

    pub(super) fn i16(&mut self, value: i16) {
        self.array(value.to_be_bytes());
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.array(value.to_be_bytes());
    }

    pub(super) fn u64(&mut self, value: u64) {
        self.array(value.to_be_bytes());
    }

    pub(super) fn flag(&mut self, value: bool) {
        self.u8(u8::from(value));
    }

    /// Whatever has a length is of a type that bounds it far below 64 KiB.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        let length = u16::try_from(bytes.len()).expect("its type bounds its length");
        self.u16(length);
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }
}

/// An enumeration whose variants are a byte each on the wire, and a name each in the HTTP API.
macro_rules! coded {
    (
        $(#[$doc:meta])*
        $name:ident { $($(#[$about:meta])* $variant:ident = $code:literal,)+ }
    ) => {
        $(#[$doc])*
        #[derive(
            Clone,
            Copy,
            Debug,
            PartialEq,
            Eq,
            PartialOrd,
            Ord,
            serde::Serialize,
            serde::Deserialize,
        )]
        #[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$about])* $variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            pub(super) fn read(
                reader: &mut $crate::remote::wire::Reader<'_>,
            ) -> Result<Self, $crate::remote::wire::Malformed> {
                match reader.u8()? {
                    $($code => Ok(Self::$variant),)+
                    _ => Err($crate::remote::wire::Malformed),
                }
            }

            pub(super) fn write(self, writer: &mut $crate::remote::wire::Writer) {
                writer.u8(match self {
                    $(Self::$variant => $code,)+
                });
            }
        }
    };
}
pub(super) use coded;
