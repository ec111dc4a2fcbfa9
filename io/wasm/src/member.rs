//! A member of a meeting: what comes in, what goes out, and frames in between.

use conclave_e2ee::frame::{Context, Track, Unsealed};
use conclave_e2ee::seat::Seat;
use conclave_e2ee::session::{FromServer, Input};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};
use zeroize::Zeroizing;

use crate::arguments::{byte_strings, group, participant, reason, seed, time};
use crate::codec::Codec;
use crate::data::{Channel, Label};
use crate::device::DeviceKeys;
use crate::frames::{Drops, Source, TrackKind};
use crate::terms::{Terms, Who};
use crate::{copied, output, refused, roster, terms};

/// Call `poll` after each input until it says `wait`. `now` is in milliseconds since 1970, and never goes back:
/// `performance.timeOrigin + performance.now()`.
#[wasm_bindgen]
pub struct Member {
    seat: Seat,
    out: Vec<u8>,
}

#[wasm_bindgen]
impl Member {
    /// `seed` is 32 random bytes, used once.
    #[wasm_bindgen(constructor)]
    pub fn new(
        terms: &Terms,
        secret: Vec<u8>,
        who: &Who,
        keys: &DeviceKeys,
        #[wasm_bindgen(js_name = seed)] random: &[u8],
    ) -> Result<Self, JsError> {
        let secret = Zeroizing::new(secret);
        let config = terms::config(terms, &secret, who, keys)?;
        Ok(Self {
            seat: Seat::new(config, seed(random)?),
            out: Vec::new(),
        })
    }

    pub fn enter(&mut self, now: f64) {
        self.input(now, Input::Enter);
    }

    pub fn leave(&mut self, now: f64) {
        self.input(now, Input::Leave);
    }

    pub fn timeout(&mut self, now: f64) {
        self.input(now, Input::Timeout);
    }

    #[wasm_bindgen(js_name = slotToCreate)]
    pub fn slot_to_create(&mut self, now: f64) {
        self.hear(now, FromServer::SlotToCreate);
    }

    #[wasm_bindgen(js_name = slotToJoin)]
    pub fn slot_to_join(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = group)] id: &[u8],
        epoch: u64,
        #[wasm_bindgen(js_name = groupInfo)] group_info: &[u8],
    ) -> Result<(), JsError> {
        let group = group(id)?;
        self.hear(
            now,
            FromServer::SlotToJoin {
                group,
                epoch,
                group_info,
            },
        );
        Ok(())
    }

    #[wasm_bindgen(js_name = slotToCommit)]
    pub fn slot_to_commit(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = group)] id: &[u8],
        epoch: u64,
    ) -> Result<(), JsError> {
        let group = group(id)?;
        self.hear(now, FromServer::SlotToCommit { group, epoch });
        Ok(())
    }

    pub fn refused(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = reason)] word: &str,
    ) -> Result<(), JsError> {
        self.hear(now, FromServer::Refused(reason(word)?));
        Ok(())
    }

    pub fn commit(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = group)] id: &[u8],
        epoch: u64,
        sender: &[u8],
        commit: &[u8],
    ) -> Result<(), JsError> {
        let (group, sender) = (group(id)?, participant(sender)?);
        self.hear(
            now,
            FromServer::Commit {
                group,
                epoch,
                sender,
                commit,
            },
        );
        Ok(())
    }

    pub fn removal(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = group)] id: &[u8],
        epoch: u64,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array[]")] proposals: &Array,
    ) -> Result<(), JsError> {
        let (group, proposals) = (group(id)?, byte_strings(proposals)?);
        self.hear(
            now,
            FromServer::Removal {
                group,
                epoch,
                proposals: &proposals,
            },
        );
        Ok(())
    }

    #[wasm_bindgen(js_name = allProcessed)]
    pub fn all_processed(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = group)] id: &[u8],
        epoch: u64,
    ) -> Result<(), JsError> {
        let group = group(id)?;
        self.hear(now, FromServer::AllProcessed { group, epoch });
        Ok(())
    }

    /// Where the server says that the group is, after a connection without the events in between.
    pub fn state(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = group)] id: &[u8],
        epoch: u64,
    ) -> Result<(), JsError> {
        let group = group(id)?;
        self.hear(now, FromServer::State { group, epoch });
        Ok(())
    }

    pub fn ended(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = group)] id: &[u8],
    ) -> Result<(), JsError> {
        let group = group(id)?;
        self.hear(now, FromServer::Ended { group });
        Ok(())
    }

    /// Who is connected, as the server has it.
    pub fn present(
        &mut self,
        now: f64,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array[]")] participants: &Array,
    ) -> Result<(), JsError> {
        let people = byte_strings(participants)?;
        let people = people.iter().map(|who| participant(who));
        let people = people.collect::<Result<Vec<_>, _>>()?;
        self.input(now, Input::Present(&people));
        Ok(())
    }

    pub fn heartbeat(&mut self, now: f64, bytes: &[u8]) {
        self.input(now, Input::Heartbeat(bytes));
    }

    /// Another participant's letter, of which session and asker each take what is theirs.
    pub fn letter(&mut self, now: f64, from: &[u8], bytes: &[u8]) -> Result<(), JsError> {
        let from = participant(from)?;
        self.input(now, Input::Letter { from, bytes });
        Ok(())
    }

    /// The person here, a host, lets somebody in: they get a voucher when they ask for one.
    pub fn admitted(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = participant)] who: &[u8],
    ) -> Result<(), JsError> {
        self.input(now, Input::Admitted(participant(who)?));
        Ok(())
    }

    /// A host puts out whoever has this signature key, for the rest of the meeting.
    pub fn expel(&mut self, now: f64, #[wasm_bindgen(js_name = signatureKey)] key: &[u8]) {
        self.input(now, Input::Expel(key));
    }

    /// A host turned somebody away who may hold the link: from here on nobody comes in whom no host let in.
    #[wasm_bindgen(js_name = turnAway)]
    pub fn turn_away(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = participant)] who: &[u8],
    ) -> Result<(), JsError> {
        self.input(now, Input::TurnAway(participant(who)?));
        Ok(())
    }

    #[wasm_bindgen(unchecked_return_type = "Output")]
    pub fn poll(&mut self) -> JsValue {
        output::output(self.seat.poll_output())
    }

    /// Ascending by leaf; nobody, outside of a group.
    #[wasm_bindgen(unchecked_return_type = "Occupant[]")]
    pub fn roster(&self) -> Array {
        let group = self.seat.group();
        roster::roster(&group.map(|group| group.roster()).unwrap_or_default())
    }

    /// Six groups of five digits, the same for everybody in this epoch.
    #[wasm_bindgen(js_name = securityCode)]
    pub fn security_code(&self) -> Option<String> {
        let group = self.seat.group();
        group.map(|group| group.security_code().to_string())
    }

    /// The number of a track's stream. `name` is LiveKit's `TrackInfo.name`: drawn at random for each publication.
    #[wasm_bindgen(js_name = addTrack)]
    pub fn add_track(&mut self, kind: TrackKind, codec: Codec, name: &str) -> Result<u8, JsError> {
        let track = Track::new(kind.into(), codec.into(), name)?;
        let context = self.seat.add_track(track);
        context
            .map(Context::number)
            .ok_or_else(|| refused("all streams are in use, or one for this very track"))
    }

    #[wasm_bindgen(js_name = removeTrack)]
    pub fn remove_track(&mut self, track: u8) {
        if let Some(track) = Context::new(track) {
            self.seat.remove_track(track);
        }
    }

    /// Throws when there is no key: send nothing then.
    #[wasm_bindgen(js_name = sealFrame)]
    pub fn seal_frame(&mut self, now: f64, track: u8, frame: &[u8]) -> Result<Uint8Array, JsError> {
        let track = Context::new(track).ok_or(Unsealed::NoTrack)?;
        self.seat
            .seal_frame(time(now), track, frame, &mut self.out)?;
        Ok(copied(&self.out))
    }

    /// `undefined` where the bytes were not opened.
    #[wasm_bindgen(js_name = openFrame)]
    pub fn open_frame(
        &mut self,
        now: f64,
        source: &mut Source,
        bytes: &[u8],
    ) -> Option<Uint8Array> {
        let opened = self
            .seat
            .open_frame(time(now), &mut source.0, bytes, &mut self.out);
        opened.ok().map(|()| copied(&self.out))
    }

    /// `bound` is authenticated and not sent.
    #[wasm_bindgen(js_name = sealMessage)]
    pub fn seal_message(
        &mut self,
        now: f64,
        label: Label,
        channel: Channel,
        bound: &[u8],
        message: &[u8],
    ) -> Result<Uint8Array, JsError> {
        let way = (label.into(), channel.into());
        self.seat
            .seal_message(time(now), way, bound, message, &mut self.out)?;
        Ok(copied(&self.out))
    }

    /// `undefined` where the bytes were not opened.
    #[wasm_bindgen(js_name = openMessage)]
    pub fn open_message(
        &mut self,
        now: f64,
        #[wasm_bindgen(js_name = participant)] from: &[u8],
        label: Label,
        bound: &[u8],
        bytes: &[u8],
    ) -> Result<Option<Uint8Array>, JsError> {
        let from = participant(from)?;
        let (label, out) = (label.into(), &mut self.out);
        let opened = self
            .seat
            .open_message(time(now), from, label, bound, bytes, out);
        Ok(opened.ok().map(|()| copied(&self.out)))
    }

    #[wasm_bindgen(getter)]
    pub fn drops(&self) -> Drops {
        self.seat.drops().into()
    }

    fn input(&mut self, now: f64, input: Input<'_>) {
        self.seat.handle_input(time(now), input);
    }

    fn hear(&mut self, now: f64, message: FromServer<'_>) {
        self.input(now, Input::Server(message));
    }
}
