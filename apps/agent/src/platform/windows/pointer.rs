//! The pointer's place and shape.

use std::ptr::null_mut;

use windows_sys::Win32::Graphics::Gdi::{
    BITMAP, BLACKNESS, DeleteObject, GetObjectW, HBITMAP, HGDIOBJ, PatBlt, WHITENESS,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CURSOR_SHOWING, CURSORINFO, DI_NORMAL, DrawIconEx, GetCursorInfo, GetIconInfo, HCURSOR,
    ICONINFO,
};

use super::canvas::drawn;
use super::desktop;
use super::fault::done;
use crate::platform::{Cursor, CursorImage, Fault, Point, Size};

/// The cursor starts as unknown.
#[derive(Default)]
pub(super) struct PointerWatch {
    at: Option<Point>,
    /// Which one it was: compared, and never used.
    shape: Option<usize>,
}

impl PointerWatch {
    /// What changed since the last time. Nothing, while no pointer is shown.
    pub(super) fn take(&mut self) -> Result<Option<Cursor>, Fault> {
        let mut info = CURSORINFO {
            cbSize: u32::try_from(size_of::<CURSORINFO>()).unwrap_or_default(),
            ..CURSORINFO::default()
        };
        // SAFETY: the place for the answer is ours, and says how large it is.
        done(unsafe { GetCursorInfo(&raw mut info) })?;
        if info.flags & CURSOR_SHOWING == 0 || info.hCursor.is_null() {
            return Ok(None);
        }
        let at = desktop::ours(info.ptScreenPos)?;
        let shape = info.hCursor.addr();
        let image = if self.shape == Some(shape) {
            None
        } else {
            // Whose program it is may have ended meanwhile; then another look finds another one.
            image(info.hCursor).ok()
        };
        let is_new = self.at != Some(at) || image.is_some();
        self.at = Some(at);
        self.shape = Some(shape);
        Ok(is_new.then_some(Cursor { at, image }))
    }
}

/// Drawn on black and on white: what differs shines through.
fn image(cursor: HCURSOR) -> Result<CursorImage, Fault> {
    let parts = Parts::of(cursor)?;
    let size = parts.size()?;
    let (width, height) = (size.width.cast_signed(), size.height.cast_signed());
    let on = |ground| {
        drawn(size, |to| {
            // SAFETY: the canvas's context lives through the call, and the cursor's shape was found in it just before.
            unsafe {
                PatBlt(to, 0, 0, width, height, ground);
                DrawIconEx(to, 0, 0, cursor, width, height, 0, null_mut(), DI_NORMAL)
            }
        })
    };
    let (black, white) = (on(BLACKNESS)?, on(WHITENESS)?);
    let pixels = black.chunks_exact(4).zip(white.chunks_exact(4));
    Ok(CursorImage {
        size,
        hot: parts.hot(),
        pixels: pixels.map(|(black, white)| shining(black, white)).collect(),
    })
}

/// A pixel with its alpha. What inverts what is below it is shown black.
fn shining(black: &[u8], white: &[u8]) -> u32 {
    let ([blue, green, red, ..], [.., white_red, _]) = (black, white) else {
        return 0;
    };
    let Some(through) = white_red.checked_sub(*red) else {
        return 0xff00_0000;
    };
    u32::from_be_bytes([u8::MAX - through, *red, *green, *blue])
}

/// What Windows copies of a cursor for who asks, who has to free it.
struct Parts(ICONINFO);

impl Parts {
    fn of(cursor: HCURSOR) -> Result<Self, Fault> {
        let mut parts = ICONINFO::default();
        // SAFETY: the place for the answer is ours; a cursor that is gone is refused.
        done(unsafe { GetIconInfo(cursor, &raw mut parts) })?;
        Ok(Self(parts))
    }

    fn hot(&self) -> Point {
        Point {
            x: self.0.xHotspot.cast_signed(),
            y: self.0.yHotspot.cast_signed(),
        }
    }

    /// A cursor without colours has two masks, one below the other.
    fn size(&self) -> Result<Size, Fault> {
        let (shape, masks) = if self.0.hbmColor.is_null() {
            (self.0.hbmMask, 2)
        } else {
            (self.0.hbmColor, 1)
        };
        let bitmap = described(shape)?;
        let extent = |pixels| u32::try_from(pixels).ok().filter(|it| *it <= LARGEST);
        let (width, height) = (extent(bitmap.bmWidth), extent(bitmap.bmHeight / masks));
        let (Some(width), Some(height)) = (width, height) else {
            return Err(Fault::Lacks("a pointer of a usual size"));
        };
        Ok(Size { width, height })
    }
}

impl Drop for Parts {
    fn drop(&mut self) {
        for bitmap in [self.0.hbmMask, self.0.hbmColor] {
            // SAFETY: they are ours to free, once; one that is not there is refused.
            unsafe { DeleteObject(bitmap) };
        }
    }
}

fn described(bitmap: HBITMAP) -> Result<BITMAP, Fault> {
    let mut described = BITMAP::default();
    let bytes = i32::try_from(size_of::<BITMAP>()).unwrap_or_default();
    let place = (&raw mut described).cast();
    // SAFETY: the place for the answer is ours, and as large as is said.
    let written = unsafe { GetObjectW(bitmap as HGDIOBJ, bytes, place) };
    done(written)?;
    Ok(described)
}

/// Pointers for those who see badly are a tenth of it.
const LARGEST: u32 = 1024;
