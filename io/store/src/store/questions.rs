//! What the store can be asked. Answers respect the acts that wait in the spool.

use std::collections::{BTreeMap, BTreeSet};

use conclave_policy::delivery::Kept;
use conclave_policy::directory::MOST_PEOPLE as GOVERNED;
use conclave_policy::join_ticket::GRACE;
use conclave_policy::rules::Layers;
use conclave_protocol::account::AccountState;
use conclave_protocol::meeting::{Admission, DataMode, MeetingCode, MeetingState};
use conclave_protocol::personal::EmailAddress;
use conclave_protocol::scim::ExternalId;
use conclave_protocol::vault::DeviceEntry;
use conclave_protocol::{
    AccountGroupId, AccountId, InvitationId, MeetingId, OrganisationId, ParticipantId, ProgramId,
    Timestamp,
};

use super::Store;
use crate::action::{Also, EndedSupport, Foreseen, MOST_TOUCHED, Revision, Touched};
use crate::action::{program as program_action, put_out, shut_out};
use crate::error::ReadError;
use crate::read::account::{self, Account, MOST_PEOPLE, Organisation, PendingAccount};
use crate::read::account_group::{self, AccountGroup, Member};
use crate::read::audit::{self, Recorded};
use crate::read::directory::{self, DirectoryGroup, DirectoryMember, DirectoryUser};
use crate::read::factor::{self, Factors, Passkey};
use crate::read::federated_identity::{self, FederatedSession};
use crate::read::group;
use crate::read::invitation::{self, AccountRequest, Invitation, MOST_INVITED};
use crate::read::invited;
use crate::read::meeting::{self, MOST_LISTED, Meeting};
use crate::read::participant::{self, MOST_LATELY_GONE, Participant};
use crate::read::policy::{self, PolicyRow, PolicyState};
use crate::read::program::{self, Program};
use crate::read::quality::{self, SessionQuality};
use crate::read::server_time;
use crate::read::session::{self, ExpiredSession, SessionOf, SetupLink, WebSession};
use crate::read::supervision::{self, LiveMeeting, StaffMember};
use crate::read::ticket::{self, Ticket};
use crate::read::vault::{self, DeviceRequest, Vault};
use crate::secret::TokenHash;

impl Store {
    pub async fn owner_exists(&self) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::owner_exists(&mut reader.link()).await?.is_some())
    }

    /// The oldest organisation: the only one, until an installation can hold several.
    pub async fn first_organisation(&self) -> Result<Option<Organisation>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::first_organisation(&mut reader.link()).await?)
    }

    pub async fn organisation(
        &self,
        id: OrganisationId,
    ) -> Result<Option<Organisation>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::organisation(&mut reader.link(), id).await?)
    }

    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = account::account(&mut reader.link(), id).await?;
        Ok(found.map(|account| overlay.account(account)))
    }

    pub async fn account_by_email(
        &self,
        organisation: OrganisationId,
        email: &EmailAddress,
    ) -> Result<Option<Account>, ReadError> {
        let normalised = email.normalised();
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = account::account_by_email(link, organisation, normalised).await?;
        Ok(found.map(|account| overlay.account(account)))
    }

    /// The organisation's people who were not removed, oldest first: a page of [`MOST_PEOPLE`] at the most, of those after
    /// `after`; and after whom the next page begins, where there is one.
    pub async fn accounts(
        &self,
        organisation: OrganisationId,
        after: Option<AccountId>,
    ) -> Result<(Vec<Account>, Option<AccountId>), ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let after = after.unwrap_or(AccountId(uuid::Uuid::nil()));
        let found = account::people(&mut reader.link(), organisation, after, MOST_PEOPLE).await?;
        let is_full = u32::try_from(found.len()).is_ok_and(|found| found >= MOST_PEOPLE);
        let next = found.last().map(|last| last.id).filter(|_| is_full);
        let mut people: Vec<_> = found.into_iter().map(|a| overlay.account(a)).collect();
        people.retain(|account| account.state != AccountState::Removed);
        Ok((people, next))
    }

    /// Accounts that wait for approval since before then, oldest first, `most` of them at the most.
    pub async fn pending_since_before(
        &self,
        before: Timestamp,
        most: u32,
    ) -> Result<Vec<PendingAccount>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account::pending_since_before(&mut reader.link(), before, most).await?)
    }

    /// Passkeys that were made for another domain than this.
    pub async fn passkeys_of_other_domains(&self, domain: &str) -> Result<u32, ReadError> {
        let mut reader = self.reader().await?;
        let found = factor::of_other_domains(&mut reader.link(), domain.to_owned()).await?;
        Ok(found.map_or(0, |(found,)| found))
    }

    /// The address that the account's holder, or somebody at a session of theirs, has asked for.
    pub async fn asked_email(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Option<EmailAddress>, ReadError> {
        let mut reader = self.reader().await?;
        let found = invitation::asked_email(&mut reader.link(), account, now).await?;
        Ok(found.map(|(email,)| email))
    }

    /// The address that this link verifies for the account, if it holds at `now`.
    pub async fn email_change(
        &self,
        account: AccountId,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<EmailAddress>, ReadError> {
        let mut reader = self.reader().await?;
        let found = invitation::email_change(&mut reader.link(), account, token, now).await?;
        Ok(found.map(|(email,)| email))
    }

    /// Whether anybody's holder has signed in before in the browser of this cookie.
    pub async fn knows(&self, device: TokenHash, now: Timestamp) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        Ok(factor::knows(&mut reader.link(), device, now)
            .await?
            .is_some())
    }

    /// What suspending or removing an account at `now` does to its programs, and to meetings, as things stand, [`MOST_TOUCHED`] of them at the
    /// most: those first that somebody is put out of, or that end.
    pub async fn foresee_shut_out(
        &self,
        account: AccountId,
        removes: bool,
        now: Timestamp,
    ) -> Result<Foreseen, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut touched: BTreeMap<MeetingId, Touched> = BTreeMap::new();
        let mut programs;
        {
            let mut reader = self.reader().await?;
            let link = &mut reader.link();
            for (meeting,) in shut_out::known(link, account, false).await? {
                at(&mut touched, meeting).shuts = true;
            }
            for seat in shut_out::taken_seats(link, account, false).await? {
                let touched = at(&mut touched, seat.meeting);
                match (overlay.is_gone(seat.participant), seat.is_in) {
                    (true, _) => {}
                    (false, true) => touched.participants.push(seat.participant),
                    (false, false) => touched.waiting.push(seat.participant),
                }
            }
            let running = program_action::running_of(link, account, now).await?;
            programs = running
                .into_iter()
                .map(|(program,)| program)
                .collect::<Vec<_>>();
            let there = now.minus(GRACE);
            let mut ends = shut_out::without_a_host(link, account, false, there).await?;
            if removes {
                ends.extend(shut_out::begun_by_none(link, account).await?);
            }
            for (meeting,) in ends {
                at(&mut touched, meeting).ends = true;
            }
        }
        touched.retain(|meeting, _| !overlay.has_meeting_ended(*meeting));
        let mut touched: Vec<Touched> = touched.into_values().collect();
        touched.sort_by_key(Touched::only_shuts);
        touched.truncate(MOST_TOUCHED);
        let mut support = Vec::new();
        for touched in &mut touched {
            let stands = self.meeting(touched.meeting).await?;
            let revision = stands.map_or(0, |meeting| meeting.revision);
            let raises = u64::from(touched.shuts) + u64::from(touched.ends);
            touched.raised = Revision(revision.saturating_add(raises));
            if touched.ends {
                let session = self.support_of(touched.meeting).await?;
                support.extend(session.map(|session| EndedSupport {
                    session: session.id,
                    was_connected: session.joined_at.is_some(),
                }));
            }
        }
        programs.retain(|program| !overlay.is_revoked(*program));
        Ok(Foreseen {
            touched,
            programs,
            support,
        })
    }

    /// Which other places somebody's account loses as they are put out, as things stand.
    pub async fn foresee_expel(
        &self,
        participant: ParticipantId,
        by: Option<ParticipantId>,
    ) -> Result<Also, ReadError> {
        Ok(Also::of_expel(self.places_beside(participant).await?, by))
    }

    /// Which other places somebody's account loses as they are turned away, as things stand.
    pub async fn foresee_deny(&self, participant: ParticipantId) -> Result<Also, ReadError> {
        Ok(Also::of_deny(self.places_beside(participant).await?))
    }

    async fn places_beside(
        &self,
        participant: ParticipantId,
    ) -> Result<Vec<put_out::Place>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut places = put_out::places_beside(&mut reader.link(), participant).await?;
        places.retain(|(place, _)| !overlay.is_gone(*place));
        Ok(places)
    }

    /// Those of the organisation that hold at `now`, oldest first, at most [`MOST_INVITED`].
    pub async fn invitations(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<Vec<Invitation>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(invitation::invitations(link, organisation, now, MOST_INVITED).await?)
    }

    pub async fn invitation(&self, id: InvitationId) -> Result<Option<Invitation>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(invitation::invitation(&mut reader.link(), id).await?)
    }

    /// Whose link this is, if it holds at `now`.
    pub async fn invitation_by_token(
        &self,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<Invitation>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(invitation::invitation_by_token(&mut reader.link(), token, now).await?)
    }

    /// Who wants an account with this link, if it holds at `now`.
    pub async fn account_request(
        &self,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<AccountRequest>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(invitation::account_request(&mut reader.link(), token, now).await?)
    }

    /// Whose password this link changes, if it holds at `now`.
    pub async fn password_reset(
        &self,
        token: TokenHash,
        now: Timestamp,
    ) -> Result<Option<AccountId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = invitation::password_reset(&mut reader.link(), token, now).await?;
        Ok(found.map(|(account,)| account))
    }

    /// How the account signs in, beside its password.
    pub async fn factors(&self, account: AccountId) -> Result<Factors, ReadError> {
        let mut reader = self.reader().await?;
        Ok(factor::of_account(&mut reader.link(), account).await?)
    }

    pub async fn passkey(&self, credential_id: &[u8]) -> Result<Option<Passkey>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(factor::passkey(&mut reader.link(), credential_id.to_vec()).await?)
    }

    /// Whose identity at a provider this is.
    pub async fn account_of_identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<AccountId>, ReadError> {
        let (issuer, subject) = (issuer.to_owned(), subject.to_owned());
        let mut reader = self.reader().await?;
        let found = federated_identity::account_of(&mut reader.link(), issuer, subject).await?;
        Ok(found.map(|(account,)| account))
    }

    /// Whether the account is connected with an identity at any provider.
    pub async fn has_identity(&self, account: AccountId) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let found = federated_identity::any(&mut reader.link(), account).await?;
        Ok(found.is_some())
    }

    /// Since when the account is connected with an identity at this provider.
    pub async fn connected_since(
        &self,
        account: AccountId,
        issuer: &str,
    ) -> Result<Option<Timestamp>, ReadError> {
        let issuer = issuer.to_owned();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = federated_identity::connected_since(link, account, issuer).await?;
        Ok(found.map(|(since,)| since))
    }

    /// The sessions that a provider opened: of one of its own sessions where it names that, else of its subject. With both, those
    /// of the subject that it opened without naming a session of its own count as that one's.
    pub async fn federated_sessions(
        &self,
        issuer: &str,
        subject: Option<&str>,
        session: Option<&str>,
    ) -> Result<Vec<FederatedSession>, ReadError> {
        let issuer = issuer.to_owned();
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let mut found = match (session, subject) {
            (Some(session), Some(subject)) => {
                let (session, subject) = (session.to_owned(), subject.to_owned());
                federated_identity::of_both(link, issuer, session, subject).await?
            }
            (Some(session), None) => {
                federated_identity::of_session(link, issuer, session.to_owned()).await?
            }
            (None, Some(subject)) => {
                federated_identity::of_subject(link, issuer, subject.to_owned()).await?
            }
            (None, None) => Vec::new(),
        };
        found.retain(|session| !overlay.has_ended(session.id));
        Ok(found)
    }

    /// Whether the account's holder has signed in before in the browser of this cookie.
    pub async fn trusts(
        &self,
        account: AccountId,
        device: TokenHash,
        now: Timestamp,
    ) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        Ok(factor::trusts(&mut reader.link(), account, device, now)
            .await?
            .is_some())
    }

    /// Those whose time is not over at `now`, whoever was active last first.
    pub async fn sessions_of(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<SessionOf>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found = session::sessions_of(&mut reader.link(), account, now).await?;
        found.retain(|session| !overlay.has_ended(session.id));
        Ok(found)
    }

    pub async fn vault(&self, account: AccountId) -> Result<Option<Vault>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(vault::of_account(&mut reader.link(), account).await?)
    }

    /// The account's list of devices, oldest entry first.
    pub async fn devices(&self, account: AccountId) -> Result<Vec<DeviceEntry>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(vault::devices_of(&mut reader.link(), account).await?)
    }

    /// Browsers that ask at `now` to be added to the account's, oldest first.
    pub async fn device_requests(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Result<Vec<DeviceRequest>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(vault::requests(&mut reader.link(), account, now).await?)
    }

    pub async fn session(&self, id: TokenHash) -> Result<Option<WebSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        if overlay.has_ended(id) {
            return Ok(None);
        }
        let mut reader = self.reader().await?;
        let found = session::session(&mut reader.link(), id).await?;
        Ok(found.filter(|session| !overlay.is_shut_out(session.account)))
    }

    /// Oldest first, `most` of them at the most.
    pub async fn expired_sessions(
        &self,
        now: Timestamp,
        most: u32,
    ) -> Result<Vec<ExpiredSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found = session::expired_sessions(&mut reader.link(), now, most).await?;
        found.retain(|expired| !overlay.has_ended(expired.id));
        Ok(found)
    }

    pub async fn setup_link(&self, token: TokenHash) -> Result<Option<SetupLink>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(session::setup_link(&mut reader.link(), token).await?)
    }

    pub async fn meeting(&self, id: MeetingId) -> Result<Option<Meeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = meeting::meeting(&mut reader.link(), id).await?;
        Ok(found.map(|meeting| overlay.meeting(meeting)))
    }

    /// Of meetings that have not ended.
    pub async fn meeting_by_code(&self, code: MeetingCode) -> Result<Option<Meeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = meeting::meeting_by_code(&mut reader.link(), code).await?;
        Ok(found
            .map(|meeting| overlay.meeting(meeting))
            .filter(|meeting| meeting.state != MeetingState::Ended))
    }

    /// Those that are not over first, then newest first; [`MOST_LISTED`] at the most.
    pub async fn meetings_of(&self, host: AccountId) -> Result<Vec<Meeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = meeting::meetings_of(&mut reader.link(), host, MOST_LISTED).await?;
        Ok(found.into_iter().map(|m| overlay.meeting(m)).collect())
    }

    /// How many are in front of the doors of a host's meetings.
    pub async fn waiting_of(&self, host: AccountId) -> Result<BTreeMap<MeetingId, u64>, ReadError> {
        let mut reader = self.reader().await?;
        let found = meeting::waiting_of(&mut reader.link(), host).await?;
        Ok(found.into_iter().collect())
    }

    pub async fn live_meetings(&self) -> Result<Vec<Meeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = meeting::live_meetings(&mut reader.link()).await?;
        Ok(found
            .into_iter()
            .map(|meeting| overlay.meeting(meeting))
            .filter(|meeting| meeting.state == MeetingState::Live)
            .collect())
    }

    /// The meeting's MLS group, where it has one. For who alone writes it: it is read in several steps.
    pub async fn group(&self, meeting: MeetingId) -> Result<Option<Kept>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(group::of_meeting(&mut reader.link(), meeting).await?)
    }

    pub async fn participant(&self, id: ParticipantId) -> Result<Option<Participant>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = participant::participant(&mut reader.link(), id).await?;
        Ok(found.map(|participant| overlay.participant(participant)))
    }

    pub async fn participant_by_credential(
        &self,
        credential: TokenHash,
    ) -> Result<Option<Participant>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = participant::participant_by_credential(&mut reader.link(), credential).await?;
        Ok(found.map(|participant| overlay.participant(participant)))
    }

    /// Everybody who ever came, oldest first.
    pub async fn participants(&self, meeting: MeetingId) -> Result<Vec<Participant>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = participant::participants(&mut reader.link(), meeting).await?;
        Ok(found.into_iter().map(|p| overlay.participant(p)).collect())
    }

    /// Everybody who has a place, waits for one, or was among the last to lose theirs.
    pub async fn people(&self, meeting: MeetingId) -> Result<Vec<Participant>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let mut found = participant::with_a_place(link, meeting).await?;
        found.extend(participant::lately_gone(link, meeting, MOST_LATELY_GONE).await?);
        Ok(found.into_iter().map(|p| overlay.participant(p)).collect())
    }

    /// The list of a meeting for the invited, in order of the addresses.
    pub async fn invited(&self, meeting: MeetingId) -> Result<Vec<EmailAddress>, ReadError> {
        let mut reader = self.reader().await?;
        let found = invited::of_meeting(&mut reader.link(), meeting).await?;
        Ok(found.into_iter().map(|(email,)| email).collect())
    }

    /// Whether an account of the meeting's organisation is on its list.
    pub async fn is_invited(
        &self,
        meeting: MeetingId,
        account: AccountId,
    ) -> Result<bool, ReadError> {
        let mut reader = self.reader().await?;
        let found = invited::includes(&mut reader.link(), meeting, account).await?;
        Ok(found.is_some())
    }

    /// The organisation's meetings that go on, oldest first, [`MOST_LISTED`] at the most.
    pub async fn supervised(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<LiveMeeting>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found =
            supervision::live_meetings(&mut reader.link(), organisation, MOST_LISTED).await?;
        found.retain(|meeting| !overlay.has_meeting_ended(meeting.id));
        Ok(found)
    }

    /// The names of those in a meeting who have an account of this organisation.
    pub async fn staff_of(
        &self,
        meeting: MeetingId,
        organisation: OrganisationId,
    ) -> Result<Vec<StaffMember>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(supervision::staff(&mut reader.link(), meeting, organisation).await?)
    }

    /// Who waits for a host's decision, oldest first.
    pub async fn lobby(&self, meeting: MeetingId) -> Result<Vec<Participant>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = participant::lobby(&mut reader.link(), meeting).await?;
        Ok(found
            .into_iter()
            .map(|participant| overlay.participant(participant))
            .filter(|participant| participant.admission == Admission::Waiting)
            .collect())
    }

    pub async fn ticket(&self, id: TokenHash) -> Result<Option<Ticket>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(ticket::ticket(&mut reader.link(), id).await?)
    }

    pub async fn quality(&self, meeting: MeetingId) -> Result<Vec<SessionQuality>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(quality::of_meeting(&mut reader.link(), meeting).await?)
    }

    /// Entries after a position, oldest first, `most` of them at the most.
    pub async fn recorded_after(
        &self,
        position: i64,
        most: u32,
    ) -> Result<Vec<Recorded>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(audit::recorded_after(&mut reader.link(), position, most).await?)
    }

    /// The position of the last entry that the operator's collector has; 0 where it has none.
    pub async fn collected(&self) -> Result<i64, ReadError> {
        let mut reader = self.reader().await?;
        let found = audit::collected(&mut reader.link()).await?;
        Ok(found.map_or(0, |(position,)| position))
    }

    /// The latest moment that is remembered: no server's time begins before it.
    pub async fn remembered_time(&self) -> Result<Option<Timestamp>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(server_time::remembered(&mut reader.link()).await?)
    }

    /// What is kept of the meeting, from its making on.
    pub async fn data_mode(&self, meeting: MeetingId) -> Result<Option<DataMode>, ReadError> {
        let mut reader = self.reader().await?;
        let found = meeting::data_mode(&mut reader.link(), meeting).await?;
        Ok(found.map(|(mode,)| mode))
    }

    /// By name.
    pub async fn account_groups(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<AccountGroup>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account_group::groups(&mut reader.link(), organisation).await?)
    }

    /// Who is in a group, by name.
    pub async fn group_members(&self, group: AccountGroupId) -> Result<Vec<Member>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account_group::members(&mut reader.link(), group).await?)
    }

    /// Everybody with an account of the organisation, by name.
    pub async fn people_of(&self, organisation: OrganisationId) -> Result<Vec<Member>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account_group::people(&mut reader.link(), organisation).await?)
    }

    /// Who is in which group, of all groups of an organisation.
    pub async fn memberships(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<(AccountId, AccountGroupId)>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(account_group::memberships(&mut reader.link(), organisation).await?)
    }

    /// Every account of an organisation.
    pub async fn account_ids(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<AccountId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = account_group::accounts(&mut reader.link(), organisation).await?;
        Ok(found.into_iter().map(|(account,)| account).collect())
    }

    /// How far an organisation's policy has come; what is read after it is not older.
    pub async fn policy_state(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<PolicyState>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(policy::state(&mut reader.link(), organisation).await?)
    }

    /// The words that concern an account of the organisation, or a guest of it.
    pub async fn layers(
        &self,
        organisation: OrganisationId,
        account: Option<AccountId>,
    ) -> Result<Layers, ReadError> {
        let mut reader = self.reader().await?;
        Ok(policy::layers(&mut reader.link(), organisation, account).await?)
    }

    /// Every layer of an organisation.
    pub async fn all_layers(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<PolicyRow>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(policy::all(&mut reader.link(), organisation).await?)
    }

    pub async fn program(&self, id: ProgramId) -> Result<Option<Program>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = program::program(&mut reader.link(), id).await?;
        Ok(found.map(|program| overlay.program(program)))
    }

    /// Whose key this is, whether it opens anything or not.
    pub async fn program_by_key(&self, key: TokenHash) -> Result<Option<Program>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = program::program_by_key(&mut reader.link(), key).await?;
        Ok(found.map(|program| overlay.program(program)))
    }

    /// Newest first, [`program::MOST_LISTED`] at the most.
    pub async fn programs(&self, organisation: OrganisationId) -> Result<Vec<Program>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = program::programs(link, organisation, program::MOST_LISTED).await?;
        Ok(found.into_iter().map(|one| overlay.program(one)).collect())
    }

    /// Everybody whom the organisation's directory sees, oldest first, at most
    /// [`conclave_policy::directory::MOST_PEOPLE`].
    pub async fn directory_users(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<DirectoryUser>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = directory::users(&mut reader.link(), organisation, GOVERNED).await?;
        let users = found.into_iter().map(|user| overlay.directory_user(user));
        Ok(users.filter(DirectoryUser::is_seen).collect())
    }

    /// Whom the organisation's directory sees under this identity.
    pub async fn directory_user(
        &self,
        organisation: OrganisationId,
        account: AccountId,
    ) -> Result<Option<DirectoryUser>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let found = directory::user(&mut reader.link(), account).await?;
        let found = found.filter(|user| user.organisation == organisation);
        let user = found.map(|user| overlay.directory_user(user));
        Ok(user.filter(DirectoryUser::is_seen))
    }

    pub async fn directory_user_by_email(
        &self,
        organisation: OrganisationId,
        email: &EmailAddress,
    ) -> Result<Option<DirectoryUser>, ReadError> {
        let normalised = email.normalised();
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = directory::user_by_email(link, organisation, normalised).await?;
        let user = found.map(|user| overlay.directory_user(user));
        Ok(user.filter(DirectoryUser::is_seen))
    }

    pub async fn directory_user_by_external_id(
        &self,
        organisation: OrganisationId,
        id: ExternalId,
    ) -> Result<Option<DirectoryUser>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let found = directory::user_by_external_id(link, organisation, id).await?;
        let user = found.map(|user| overlay.directory_user(user));
        Ok(user.filter(DirectoryUser::is_seen))
    }

    /// Accounts that the organisation's directory has made or changed.
    pub async fn known_to_directory(
        &self,
        organisation: OrganisationId,
    ) -> Result<BTreeSet<AccountId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = directory::known(&mut reader.link(), organisation).await?;
        Ok(found.into_iter().map(|(account,)| account).collect())
    }

    /// Everybody in the group, also whom no directory sees any more: made an owner or an admin since, or removed.
    pub async fn in_group(&self, group: AccountGroupId) -> Result<BTreeSet<AccountId>, ReadError> {
        let mut reader = self.reader().await?;
        let found = directory::all_in(&mut reader.link(), group).await?;
        Ok(found.into_iter().map(|(account,)| account).collect())
    }

    /// Groups that the organisation's directory made, oldest first.
    pub async fn directory_groups(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<DirectoryGroup>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(directory::groups(&mut reader.link(), organisation).await?)
    }

    /// Those in such a group whom the directory sees.
    pub async fn directory_members(
        &self,
        group: AccountGroupId,
    ) -> Result<Vec<DirectoryMember>, ReadError> {
        let mut reader = self.reader().await?;
        let mut found = directory::members(&mut reader.link(), group).await?;
        found.retain(DirectoryMember::is_seen);
        Ok(found)
    }
}

fn at(touched: &mut BTreeMap<MeetingId, Touched>, meeting: MeetingId) -> &mut Touched {
    touched.entry(meeting).or_insert_with(|| Touched {
        meeting,
        shuts: false,
        participants: Vec::new(),
        waiting: Vec::new(),
        ends: false,
        raised: Revision::default(),
    })
}
