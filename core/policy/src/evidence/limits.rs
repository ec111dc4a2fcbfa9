//! Where promises end: what no setting and no test of this product changes. The long form is `docs/threat-model.md`.

/// Title and text.
pub const LIMITS: [(&str, &str); 13] = [
    (
        "A device that somebody else controls",
        "It sees what its user sees, and so does a browser extension with access to the page.",
    ),
    (
        "Whoever takes part can record",
        "By software or with a camera. No encryption prevents it.",
    ),
    (
        "The page comes from the server",
        "Who controls the server could deliver another page to somebody. What the page hashes to is on record at each start, \
         so that it can be compared with a release.",
    ),
    (
        "Whoever has the link has the secret",
        "A link that was forwarded lets in whom the server lets in, until somebody was put out or turned away.",
    ),
    (
        "Who comes by code without a passcode",
        "They get the secret over the server, which could have put itself between. Both sides are told, and the security \
         code shows it.",
    ),
    (
        "Metadata",
        "The server knows who meets whom, when and for how long, sizes, times, that somebody speaks, and names.",
    ),
    (
        "Availability",
        "The server can end any meeting by ending itself, and whoever was let in can disturb.",
    ),
    (
        "Developers' rooms",
        "Rooms of API keys are not encrypted end to end by our doing.",
    ),
    (
        "An agent that its computer's owner changed",
        "It shows, reports and records what it likes, of its own session alone.",
    ),
    (
        "The server names the key of recordings",
        "One that was taken over can name a key of its own, and open what is sealed to it from then on. Whoever compares the \
         fingerprint with the custodians' paper finds it.",
    ),
    (
        "A desktop of X11",
        "Each program on it sees and types what the others do. It does not say where a password is typed: what is copied there \
         goes to a technician like anything else, where they may have the clipboard.",
    ),
    (
        "Names of guests",
        "They are what guests typed. Nobody vouches for them.",
    ),
    (
        "Tests",
        "They show what they try, on the build that is named here. A sentence that is proven is not proven for ever.",
    ),
];
