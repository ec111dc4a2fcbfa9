//! The template dependency structure that a key frame attaches.

use super::super::Malformed;
use super::super::bits::Bits;
use super::{Definition, Indication, Indications, MAX_DECODE_TARGETS, MAX_TEMPLATES, References};

/// The templates, decode targets and chains of a coded video sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    template_id_offset: u32,
    templates: Vec<Template>,
    targets: Vec<DecodeTarget>,
    chains: usize,
    resolutions: Vec<(u32, u32)>,
}

/// What one kind of frame has in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) spatial: u8,
    pub(super) temporal: u8,
    pub(super) definition: Definition,
}

/// A set of frames that gives a video of one quality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeTarget {
    pub spatial: u8,
    pub temporal: u8,
    /// The chain that must be unbroken for the decode target to be decodable.
    pub chain: Option<u8>,
}

impl Structure {
    pub(super) fn read(bits: &mut Bits<'_>) -> Result<Self, Malformed> {
        let template_id_offset = bits.number(6)?;
        let count = u8::try_from(bits.number(5)? + 1).map_err(|_| Malformed::Invalid)?;
        let mut templates = read_layers(bits)?;
        for template in &mut templates {
            template.definition.indications = read_indications(bits, count)?;
        }
        for template in &mut templates {
            template.definition.references = read_references(bits)?;
        }
        let (chains, protection) = read_chains(bits, count, &mut templates)?;
        let targets = (0..count)
            .zip(protection)
            .map(|(target, chain)| decode_target(&templates, target, chain))
            .collect();
        let resolutions = read_resolutions(bits, &templates)?;
        Ok(Self {
            template_id_offset,
            templates,
            targets,
            chains,
            resolutions,
        })
    }

    pub(super) fn template(&self, id: u32) -> Option<&Template> {
        let index = (id + 64 - self.template_id_offset) % 64;
        self.templates.get(usize::try_from(index).ok()?)
    }

    /// How many decode targets there are: 1 to 32.
    pub fn decode_targets(&self) -> u8 {
        u8::try_from(self.targets.len()).unwrap_or(MAX_DECODE_TARGETS)
    }

    pub fn decode_target(&self, index: u8) -> Option<&DecodeTarget> {
        self.targets.get(usize::from(index))
    }

    /// One bit for each decode target.
    pub fn all_decode_targets(&self) -> u32 {
        u32::MAX >> (u32::from(MAX_DECODE_TARGETS) - u32::from(self.decode_targets()))
    }

    pub fn chains(&self) -> usize {
        self.chains
    }

    /// Width and height of each spatial layer, if the publisher says them.
    pub fn resolutions(&self) -> &[(u32, u32)] {
        &self.resolutions
    }
}

/// template_layers(): the spatial and temporal layer of each template.
fn read_layers(bits: &mut Bits<'_>) -> Result<Vec<Template>, Malformed> {
    let mut templates = Vec::new();
    let mut next = Template::default();
    loop {
        if templates.len() == MAX_TEMPLATES {
            return Err(Malformed::Invalid);
        }
        templates.push(next);
        match bits.number(2)? {
            0 => {}
            1 => next.temporal += 1,
            2 => {
                next.temporal = 0;
                next.spatial += 1;
            }
            _ => return Ok(templates),
        }
        if next.temporal > MAX_TEMPORAL_ID || next.spatial > MAX_SPATIAL_ID {
            return Err(Malformed::Invalid);
        }
    }
}

pub(super) fn read_indications(bits: &mut Bits<'_>, count: u8) -> Result<Indications, Malformed> {
    let mut indications = Indications::default();
    for target in 0..count {
        indications.set(target, bits.number(2)?);
    }
    Ok(indications)
}

/// template_fdiffs() of one template.
fn read_references(bits: &mut Bits<'_>) -> Result<References, Malformed> {
    let mut references = References::default();
    while bits.flag()? {
        references.push(bits.number(4)? + 1)?;
    }
    Ok(references)
}

/// template_chains(): how many chains there are, and which protects each decode target.
fn read_chains(
    bits: &mut Bits<'_>,
    decode_targets: u8,
    templates: &mut [Template],
) -> Result<(usize, Vec<Option<u8>>), Malformed> {
    let chains = bits.below(u32::from(decode_targets) + 1)?;
    if chains == 0 {
        return Ok((0, vec![None; usize::from(decode_targets)]));
    }
    let protection = (0..decode_targets)
        .map(|_| Ok(u8::try_from(bits.below(chains)?).ok()))
        .collect::<Result<_, _>>()?;
    let count = usize::try_from(chains).map_err(|_| Malformed::Invalid)?;
    for template in templates {
        let differences = template.definition.chain_differences.iter_mut();
        for difference in differences.take(count) {
            *difference = u8::try_from(bits.number(4)?).map_err(|_| Malformed::Invalid)?;
        }
    }
    Ok((count, protection))
}

/// decode_target_layers(): the highest layers among the frames of one decode target.
fn decode_target(templates: &[Template], target: u8, chain: Option<u8>) -> DecodeTarget {
    let frames = templates
        .iter()
        .filter(|template| template.definition.indications.get(target) != Indication::NotPresent);
    let (spatial, temporal) = frames.fold((0, 0), |(spatial, temporal), template| {
        (
            template.spatial.max(spatial),
            template.temporal.max(temporal),
        )
    });
    DecodeTarget {
        spatial,
        temporal,
        chain,
    }
}

fn read_resolutions(
    bits: &mut Bits<'_>,
    templates: &[Template],
) -> Result<Vec<(u32, u32)>, Malformed> {
    if !bits.flag()? {
        return Ok(Vec::new());
    }
    let highest = templates.last().map_or(0, |template| template.spatial);
    (0..=highest)
        .map(|_| Ok((bits.number(16)? + 1, bits.number(16)? + 1)))
        .collect()
}

const MAX_SPATIAL_ID: u8 = 3;
const MAX_TEMPORAL_ID: u8 = 7;
