//! The paths of the story's acts, with what it has met in their places.

use super::Story;
use crate::caller::Made;

impl Story {
    pub(super) fn fill(&self, path: &str) -> String {
        let meeting = self.meeting.clone();
        let (id, code) =
            meeting.map_or_else(Default::default, |meeting| (meeting.id, meeting.code));
        path.replace("/companion/{participant}", &self.companion_path())
            .replace("{id}", &id)
            .replace("{code}", &code)
            .replace("{request}", &self.request)
            .replace("{group}", &self.group)
            .replace("{program}", &self.program)
            .replace("{subject}", "164.312.a.2.iii")
            .replace("{agreement}", &self.agreement)
            .replace("{risk}", "insider")
            .replace("{complaint}", &self.complaint)
            .replace("{training}", &self.training)
            .replace("{passkey}", &self.passkey)
            .replace("{session}", &self.session)
            .replace("{support}", &self.support)
            .replace("{device}", &self.computer.id)
            .replace("{recording}", &self.recording)
            .replace("{number}", "0")
            .replace("{use}", &self.emergency)
            .replace("{view}", &self.view)
            .replace("{anomaly}", "01990000-0000-7000-8000-00000000000b")
            .replace("{participant}", &self.nobody.participant)
            .replace("{account}", &self.account)
            .replace("{invitation}", &self.invitation)
    }

    fn companion_path(&self) -> String {
        format!("/companion/{}", self.companion.participant)
    }

    pub(super) fn meeting(&self) -> Made {
        self.meeting.clone().unwrap()
    }
}
