//! Who must prove more than a password, and what a session has proved.

use conclave_protocol::account::AccountRole;

/// How the holder of a session has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assurance {
    Password,
    /// With a code of an authenticator program as well.
    Totp,
    /// With one of the codes that were written down.
    RecoveryCode,
    /// Something that they have, opened by what they know or are: both factors at once (NIST SP 800-63B-4, AAL2).
    Passkey,
    /// The identity provider said who it is, and not by what it knows; or by what does not count here.
    SingleSignOn,
    SingleSignOnTotp,
    SingleSignOnRecoveryCode,
    /// The identity provider saw two factors, by words that the operator counts.
    SingleSignOnOfTwo,
    /// One of the organisation's sealed codes: it opens emergency access, and nothing of the account's own.
    EmergencyCode,
}

impl Assurance {
    pub fn is_of_two_factors(self) -> bool {
        match self {
            Self::Password | Self::SingleSignOn | Self::EmergencyCode => false,
            Self::Totp
            | Self::RecoveryCode
            | Self::Passkey
            | Self::SingleSignOnTotp
            | Self::SingleSignOnRecoveryCode
            | Self::SingleSignOnOfTwo => true,
        }
    }

    /// Whether its session opens emergency access alone.
    pub fn is_for_emergency(self) -> bool {
        self == Self::EmergencyCode
    }

    /// With something of the account's own as well.
    pub fn and(self, further: Self) -> Self {
        match (self, further) {
            (Self::SingleSignOn, Self::Totp) => Self::SingleSignOnTotp,
            (Self::SingleSignOn, Self::RecoveryCode) => Self::SingleSignOnRecoveryCode,
            (_, further) => further,
        }
    }
}

/// Whether the role may do nothing with a password alone. `for_everybody` is the organisation's own wish.
pub fn is_mandatory(role: AccountRole, for_everybody: bool) -> bool {
    match role {
        AccountRole::Owner | AccountRole::Admin | AccountRole::Representative => true,
        AccountRole::AccountManager | AccountRole::Auditor | AccountRole::Member => for_everybody,
    }
}

/// Whether a session opens nothing but the way to a second factor.
pub fn restricts(role: AccountRole, for_everybody: bool, assurance: Assurance) -> bool {
    is_mandatory(role, for_everybody) && !assurance.is_of_two_factors()
}

/// Whether a way to sign in may be taken from the role, when this many others are left.
pub fn may_remove(role: AccountRole, for_everybody: bool, left: usize) -> bool {
    left > 0 || !is_mandatory(role, for_everybody)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: REQ-AC-20.
    #[test]
    fn whoever_decides_over_others_needs_two_factors() {
        use AccountRole as R;
        for (role, mandatory) in [
            (R::Owner, true),
            (R::Admin, true),
            (R::Representative, true),
            (R::AccountManager, false),
            (R::Auditor, false),
            (R::Member, false),
        ] {
            assert_eq!(is_mandatory(role, false), mandatory, "{role:?}");
            assert!(is_mandatory(role, true), "{role:?}");
            assert_eq!(restricts(role, false, Assurance::Password), mandatory);
            assert!(!restricts(role, true, Assurance::Totp));
            assert_eq!(restricts(role, false, Assurance::SingleSignOn), mandatory);
            assert!(!restricts(role, true, Assurance::SingleSignOnOfTwo));
        }
    }

    // Shows: REQ-EM-02.
    #[test]
    fn a_sealed_code_is_no_second_factor() {
        let sealed = Assurance::EmergencyCode;

        assert!(sealed.is_for_emergency() && !sealed.is_of_two_factors());
        assert!(restricts(AccountRole::Owner, false, sealed));
        assert!(!Assurance::Passkey.is_for_emergency());
    }

    #[test]
    fn a_code_after_single_sign_on_is_told_from_one_after_a_password() {
        use Assurance as A;

        assert_eq!(A::SingleSignOn.and(A::Totp), A::SingleSignOnTotp);
        assert_eq!(A::Password.and(A::Totp), A::Totp);
        assert_eq!(A::SingleSignOn.and(A::Passkey), A::Passkey);
    }

    #[test]
    fn the_last_second_factor_stays_with_whoever_needs_one() {
        assert!(!may_remove(AccountRole::Owner, false, 0));
        assert!(may_remove(AccountRole::Owner, false, 1));
        assert!(may_remove(AccountRole::Member, false, 0));
        assert!(!may_remove(AccountRole::Member, true, 0));
    }
}
