//! The dependency descriptor header extension (RTP Payload Format For AV1, appendix A).
//!
//! A key frame attaches a [`Structure`]: templates that later frames refer to. Which frames a
//! decode target needs, and whether a chain of frames is unbroken, follow from it without a look
//! into the payload. Forwarding fewer frames asks for no rewriting: dependencies name frame
//! numbers, so gaps say nothing.

mod structure;

use std::sync::Arc;

use super::Malformed;
use super::bits::Bits;
pub use structure::{DecodeTarget, Structure};
use structure::{Template, read_indications};

/// What one packet says about its frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    pub starts_frame: bool,
    pub ends_frame: bool,
    pub frame_number: u16,
    pub spatial: u8,
    pub temporal: u8,
    pub indications: Indications,
    pub references: References,
    /// Per chain, how many frames ago its previous frame was; 0 where the chain starts here.
    pub chain_differences: [u8; MAX_CHAINS],
    /// One bit per decode target, where the packet says it.
    pub active_decode_targets: Option<u32>,
    pub structure: Arc<Structure>,
    /// The packet brought the structure: it belongs to a key frame.
    pub attached: bool,
}

/// How many frames ago each frame was that a frame depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct References {
    count: usize,
    differences: [u16; MAX_REFERENCES],
}

impl References {
    pub fn differences(&self) -> impl Iterator<Item = u16> {
        self.differences.iter().copied().take(self.count)
    }

    fn push(&mut self, difference: u32) -> Result<(), Malformed> {
        let place = self.differences.get_mut(self.count);
        let place = place.ok_or(Malformed::Invalid)?;
        *place = u16::try_from(difference).map_err(|_| Malformed::Invalid)?;
        self.count += 1;
        Ok(())
    }
}

/// What a frame is to each decode target, two bits each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Indications(u64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indication {
    NotPresent,
    Discardable,
    /// A receiver can begin with the decode target at this frame.
    Switch,
    Required,
}

impl Indications {
    pub fn get(self, decode_target: u8) -> Indication {
        match (self.0 >> (2 * u32::from(decode_target % MAX_DECODE_TARGETS))) & 3 {
            0 => Indication::NotPresent,
            1 => Indication::Discardable,
            2 => Indication::Switch,
            _ => Indication::Required,
        }
    }

    /// One bit for each decode target to which the frame is this.
    pub fn mask(self, indication: Indication) -> u32 {
        let targets = 0..MAX_DECODE_TARGETS;
        targets.fold(0, |mask, target| {
            mask | u32::from(self.get(target) == indication) << target
        })
    }

    fn set(&mut self, decode_target: u8, bits: u32) {
        self.0 |= u64::from(bits & 3) << (2 * u32::from(decode_target % MAX_DECODE_TARGETS));
    }
}

impl Descriptor {
    /// Reads the extension's bytes. `known` is the structure of the stream's last key frame.
    pub fn parse(bytes: &[u8], known: Option<&Arc<Structure>>) -> Result<Self, Malformed> {
        let mut bits = Bits::new(bytes);
        let starts_frame = bits.flag()?;
        let ends_frame = bits.flag()?;
        let template_id = bits.number(6)?;
        let frame_number = u16::try_from(bits.number(16)?).map_err(|_| Malformed::Invalid)?;
        let flags = if bytes.len() > MANDATORY_BYTES {
            Flags::read(&mut bits)?
        } else {
            Flags::default()
        };
        let attached = match flags.structure {
            true => Some(Arc::new(Structure::read(&mut bits)?)),
            false => None,
        };
        let is_attached = attached.is_some();
        let structure = attached
            .or_else(|| known.cloned())
            .ok_or(Malformed::NoStructure)?;
        let active_decode_targets = if flags.active_decode_targets {
            Some(bits.number(u32::from(structure.decode_targets()))?)
        } else {
            is_attached.then(|| structure.all_decode_targets())
        };
        let template = structure.template(template_id).ok_or(Malformed::Invalid)?;
        let definition = Definition::read(&mut bits, &flags, &structure, template)?;

        Ok(Self {
            starts_frame,
            ends_frame,
            frame_number,
            spatial: template.spatial,
            temporal: template.temporal,
            indications: definition.indications,
            references: definition.references,
            chain_differences: definition.chain_differences,
            active_decode_targets,
            attached: is_attached,
            structure,
        })
    }

    /// The packet is the first of a frame from which a decoder can start.
    pub fn starts_key_frame(&self) -> bool {
        self.attached && self.starts_frame && self.spatial == 0
    }
}

#[derive(Default)]
struct Flags {
    structure: bool,
    active_decode_targets: bool,
    custom_indications: bool,
    custom_frame_differences: bool,
    custom_chains: bool,
}

impl Flags {
    fn read(bits: &mut Bits<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            structure: bits.flag()?,
            active_decode_targets: bits.flag()?,
            custom_indications: bits.flag()?,
            custom_frame_differences: bits.flag()?,
            custom_chains: bits.flag()?,
        })
    }
}

/// What a template says about its frames, or a frame about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Definition {
    indications: Indications,
    references: References,
    chain_differences: [u8; MAX_CHAINS],
}

impl Definition {
    /// frame_dependency_definition(): the template's values, or the frame's own.
    fn read(
        bits: &mut Bits<'_>,
        flags: &Flags,
        structure: &Structure,
        template: &Template,
    ) -> Result<Self, Malformed> {
        let mut definition = template.definition;
        if flags.custom_indications {
            definition.indications = read_indications(bits, structure.decode_targets())?;
        }
        if flags.custom_frame_differences {
            definition.references = read_references(bits)?;
        }
        if flags.custom_chains {
            let differences = definition.chain_differences.iter_mut();
            for difference in differences.take(structure.chains()) {
                *difference = u8::try_from(bits.number(8)?).map_err(|_| Malformed::Invalid)?;
            }
        }
        Ok(definition)
    }
}

/// Each difference says its own size; size 0 ends the list.
fn read_references(bits: &mut Bits<'_>) -> Result<References, Malformed> {
    let mut references = References::default();
    loop {
        let size = bits.number(2)?;
        if size == 0 {
            return Ok(references);
        }
        references.push(bits.number(4 * size)? + 1)?;
    }
}

const MANDATORY_BYTES: usize = 3;
pub const MAX_DECODE_TARGETS: u8 = 32;
pub const MAX_CHAINS: usize = 32;
pub const MAX_TEMPLATES: usize = 64;
/// AV1 frames have seven references at most.
pub const MAX_REFERENCES: usize = 8;

#[cfg(test)]
mod tests;
