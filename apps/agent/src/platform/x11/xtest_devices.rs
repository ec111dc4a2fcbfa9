//! The devices that injected input comes from (XTEST), told by the property that the display gives them.

use x11rb::protocol::xinput::{
    self, ConnectionExt as _, Device, DeviceId, DeviceType, InputStateData, XIDeviceInfo,
    XIGetPropertyItems,
};
use x11rb::protocol::xproto::AtomEnum;

use super::display::Display;
use crate::platform::Fault;

#[derive(Clone, Copy)]
pub(super) struct XtestDevices {
    pub(super) pointer: DeviceId,
    pub(super) keyboard: DeviceId,
}

impl XtestDevices {
    /// Those that belong to the first pointer and keyboard, as XTEST injects.
    pub(super) fn find(display: &Display) -> Result<Self, Fault> {
        display.needs(xinput::X11_EXTENSION_NAME)?;
        let version = display.xinput_xi_query_version(2, 2)?.reply()?;
        if (version.major_version, version.minor_version) < (2, 2) {
            return Err(Fault::Lacks("XInput 2.2"));
        }
        let devices = display.xinput_xi_query_device(Device::ALL)?.reply()?.infos;
        Ok(Self {
            pointer: of_type(display, &devices, DeviceType::SLAVE_POINTER)?,
            keyboard: of_type(display, &devices, DeviceType::SLAVE_KEYBOARD)?,
        })
    }

    pub(super) fn has(self, device: DeviceId) -> bool {
        device == self.pointer || device == self.keyboard
    }

    /// The keys and the buttons that are held, also by a program that is gone.
    pub(super) fn held(self, display: &Display) -> Result<(Vec<u8>, Vec<u8>), Fault> {
        Ok((held(display, self.keyboard)?, held(display, self.pointer)?))
    }
}

fn of_type(
    display: &Display,
    devices: &[XIDeviceInfo],
    type_: DeviceType,
) -> Result<DeviceId, Fault> {
    for device in devices.iter().filter(|device| device.type_ == type_) {
        if is_xtest(display, device.deviceid)? {
            return Ok(device.deviceid);
        }
    }
    Err(Fault::Lacks("the devices of XTEST"))
}

fn is_xtest(display: &Display, device: DeviceId) -> Result<bool, Fault> {
    let property = display.atom("XTEST Device")?;
    let any = AtomEnum::ANY.into();
    let value = display.xinput_xi_get_property(device, false, property, any, 0, 1)?;
    Ok(match value.reply()?.items {
        XIGetPropertyItems::Data8(value) => value.first() == Some(&1),
        _ => false,
    })
}

fn held(display: &Display, device: DeviceId) -> Result<Vec<u8>, Fault> {
    let device = u8::try_from(device).map_err(|_| Fault::Lacks("the devices of XTEST"))?;
    let state = display.xinput_query_device_state(device)?.reply()?;
    let held = state.classes.iter().flat_map(|class| match &class.data {
        InputStateData::Key(keys) => set_bits(&keys.keys),
        InputStateData::Button(buttons) => set_bits(&buttons.buttons),
        InputStateData::Valuator(_) | InputStateData::InvalidValue(_) => Vec::new(),
    });
    Ok(held.collect())
}

fn set_bits(bits: &[u8; 32]) -> Vec<u8> {
    let is_set = |number: &u8| {
        let byte = bits.get(usize::from(number / 8)).copied();
        byte.is_some_and(|byte| byte & (1 << (number % 8)) != 0)
    };
    (0..=u8::MAX).filter(is_set).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_numbered_from_the_lowest_of_the_first_byte() {
        let mut bits = [0; 32];
        bits[0] = 0b10;
        bits[31] = 0b1000_0000;

        assert_eq!(set_bits(&bits), [1, 255]);
    }
}
