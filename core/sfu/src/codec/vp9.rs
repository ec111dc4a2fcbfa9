//! The VP9 payload descriptor (RFC 9628, section 4.2).

use super::{Malformed, PictureId, read_byte, read_picture_id, read_u16};

/// What precedes the VP9 data of each packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptor {
    pub picture_id: Option<PictureId>,
    /// P: the layer frame depends on earlier pictures.
    pub inter_predicted: bool,
    pub flexible: bool,
    /// B: the packet starts a layer frame.
    pub begins_frame: bool,
    /// E: the packet ends a layer frame.
    pub ends_frame: bool,
    /// Z: no upper spatial layer of the picture depends on the frame.
    pub not_for_upper_layers: bool,
    pub layer: Option<LayerIndices>,
    pub tl0_pic_idx: Option<u8>,
    pub structure: Option<Structure>,
    /// Bytes of the descriptor; VP9 data follow.
    pub length: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerIndices {
    /// TID, 0 to 7.
    pub temporal: u8,
    /// U: from here on a higher temporal layer can be decoded.
    pub switching_up: bool,
    /// SID, 0 to 7.
    pub spatial: u8,
    /// D: the frame depends on the next lower spatial layer of its picture.
    pub inter_layer: bool,
}

/// The scalability structure, which key pictures announce.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Structure {
    /// 1 to 8.
    pub spatial_layers: u8,
    /// Width and height of each spatial layer; zeros where they are not announced.
    pub sizes: [(u16, u16); MAX_SPATIAL_LAYERS],
    /// Pictures in the announced group of pictures.
    pub pictures: u8,
}

impl Descriptor {
    pub fn parse(payload: &[u8]) -> Result<Self, Malformed> {
        let mut at = 0;
        let first = read_byte(payload, &mut at)?;
        let [has_picture_id, inter_predicted, has_layer, flexible] =
            [0x80, 0x40, 0x20, 0x10].map(|bit| first & bit != 0);
        let [
            begins_frame,
            ends_frame,
            has_structure,
            not_for_upper_layers,
        ] = [0x08, 0x04, 0x02, 0x01].map(|bit| first & bit != 0);
        if flexible && !has_picture_id {
            return Err(Malformed::Invalid);
        }

        let mut descriptor = Self {
            picture_id: None,
            inter_predicted,
            flexible,
            begins_frame,
            ends_frame,
            not_for_upper_layers,
            layer: None,
            tl0_pic_idx: None,
            structure: None,
            length: 0,
        };
        if has_picture_id {
            descriptor.picture_id = Some(read_picture_id(payload, &mut at)?);
        }
        if has_layer {
            descriptor.layer = Some(LayerIndices::parse(payload, &mut at)?);
            if !flexible {
                descriptor.tl0_pic_idx = Some(read_byte(payload, &mut at)?);
            }
        }
        if flexible && inter_predicted {
            skip_references(payload, &mut at)?;
        }
        if has_structure {
            descriptor.structure = Some(Structure::parse(payload, &mut at)?);
        }
        descriptor.length = at;
        if payload.len() == at {
            return Err(Malformed::Truncated);
        }
        Ok(descriptor)
    }

    /// SID, 0 in a stream without layers.
    pub fn spatial(&self) -> u8 {
        self.layer.map_or(0, |layer| layer.spatial)
    }

    /// TID, 0 in a stream without layers.
    pub fn temporal(&self) -> u8 {
        self.layer.map_or(0, |layer| layer.temporal)
    }

    /// The packet is the first of a picture from which a decoder can start.
    pub fn starts_key_frame(&self) -> bool {
        self.begins_frame && !self.inter_predicted && self.spatial() == 0
    }
}

impl LayerIndices {
    fn parse(payload: &[u8], at: &mut usize) -> Result<Self, Malformed> {
        let byte = read_byte(payload, at)?;
        Ok(Self {
            temporal: byte >> 5,
            switching_up: byte & 0x10 != 0,
            spatial: (byte >> 1) & 0x07,
            inter_layer: byte & 0x01 != 0,
        })
    }
}

impl Structure {
    fn parse(payload: &[u8], at: &mut usize) -> Result<Self, Malformed> {
        let head = read_byte(payload, at)?;
        let mut structure = Self {
            spatial_layers: (head >> 5) + 1,
            sizes: [(0, 0); MAX_SPATIAL_LAYERS],
            pictures: 0,
        };
        if head & 0x10 != 0 {
            let announced = usize::from(structure.spatial_layers);
            for size in structure.sizes.iter_mut().take(announced) {
                *size = (read_u16(payload, at)?, read_u16(payload, at)?);
            }
        }
        if head & 0x08 != 0 {
            structure.pictures = read_byte(payload, at)?;
            for _ in 0..structure.pictures {
                let references = (read_byte(payload, at)? >> 2) & 0x03;
                for _ in 0..references {
                    read_byte(payload, at)?;
                }
            }
        }
        Ok(structure)
    }
}

/// P_DIFF, up to [`MAX_REFERENCES`] times, each with a bit that says whether another follows.
fn skip_references(payload: &[u8], at: &mut usize) -> Result<(), Malformed> {
    for _ in 0..MAX_REFERENCES {
        if read_byte(payload, at)? & 0x01 == 0 {
            return Ok(());
        }
    }
    Err(Malformed::Invalid)
}

pub const MAX_SPATIAL_LAYERS: usize = 8;
pub const MAX_REFERENCES: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    /// I, L, B, V: picture 0x1234, T0 S0, TL0PICIDX 9, a structure of 3 sizes and 4 pictures.
    const KEY: [u8; 29] = [
        0xaa, 0x92, 0x34, 0x10, 0x09, // picture, layer, base layer index
        0x58, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01, 0x68, 0x05, 0x00, 0x02, 0xd0, // sizes
        0x04, 0x14, 0x04, 0x54, 0x01, 0x34, 0x02, 0x48, 0x01, 0x02, // pictures
        0x82, // data
    ];

    #[test]
    fn a_key_picture_with_its_structure_is_read() {
        let descriptor = Descriptor::parse(&KEY).unwrap();

        let structure = descriptor.structure.unwrap();
        assert_eq!(structure.spatial_layers, 3);
        assert_eq!(structure.sizes[2], (1280, 720));
        assert_eq!(structure.pictures, 4);
        assert_eq!(descriptor.tl0_pic_idx, Some(9));
        assert_eq!(descriptor.length, KEY.len() - 1);
        assert!(descriptor.starts_key_frame());
    }

    #[test]
    fn an_upper_layer_of_a_key_picture_does_not_start_it() {
        // S1, inter-layer predicted.
        let descriptor = Descriptor::parse(&[0xa8, 0x05, 0x03, 0x09, 0x82]).unwrap();

        assert_eq!(descriptor.spatial(), 1);
        assert!(!descriptor.starts_key_frame());
    }

    #[test]
    fn the_flexible_mode_has_references_and_no_base_layer_index() {
        // T2 U S1 D, references 1 and 2 pictures back.
        let descriptor = Descriptor::parse(&[0xfc, 0x11, 0x53, 0x03, 0x04, 0x82]).unwrap();

        assert_eq!(
            descriptor.layer,
            Some(LayerIndices {
                temporal: 2,
                switching_up: true,
                spatial: 1,
                inter_layer: true
            })
        );
        assert_eq!(descriptor.tl0_pic_idx, None);
        assert!(descriptor.begins_frame && descriptor.ends_frame);
    }

    #[test]
    fn a_fourth_reference_is_refused() {
        let payload = [0xd8, 0x11, 0x03, 0x03, 0x03, 0x02, 0x82];

        assert_eq!(Descriptor::parse(&payload), Err(Malformed::Invalid));
    }

    #[test]
    fn the_flexible_mode_needs_a_picture_id() {
        let payload = [0x18, 0x82];

        assert_eq!(Descriptor::parse(&payload), Err(Malformed::Invalid));
    }

    #[test]
    fn each_truncation_is_refused() {
        for length in 0..KEY.len() {
            let cut = &KEY[..length];
            assert_eq!(Descriptor::parse(cut), Err(Malformed::Truncated));
        }
    }
}
