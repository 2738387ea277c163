//! Our cookies: the session, the link one is looking at, and what just happened.

use app::Settings;
use axum_extra::extract::cookie::{Cookie, CookieJar};
use domain::secret::Token;

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// The session.
    Session,
    /// The token of the invitation link that was opened.
    Join,
    /// The token of the link to set a new password that was opened.
    Reset,
    /// The token of the link to prove an address that was opened.
    Verify,
    /// What the last POST did, told by the next page.
    Flash,
}

/// How long an opened link is remembered; every view of its page counts anew.
const QUARTER_HOUR: i64 = 15 * 60;

impl Name {
    /// Under https the prefix binds it to this host and to https (RFC 6265bis 4.1.3.2).
    pub fn text(self, settings: &Settings) -> &'static str {
        match (self, settings.is_https()) {
            (Self::Session, true) => "__Host-muster",
            (Self::Session, false) => "muster",
            (Self::Join, true) => "__Host-muster-join",
            (Self::Join, false) => "muster-join",
            (Self::Reset, true) => "__Host-muster-reset",
            (Self::Reset, false) => "muster-reset",
            (Self::Verify, true) => "__Host-muster-verify",
            (Self::Verify, false) => "muster-verify",
            (Self::Flash, true) => "__Host-muster-flash",
            (Self::Flash, false) => "muster-flash",
        }
    }

    /// The value the browser sent.
    pub fn read(self, jar: &CookieJar, settings: &Settings) -> Option<String> {
        jar.get(self.text(settings)).map(|cookie| cookie.value().to_owned())
    }

    /// The token the browser sent, if it looks like one.
    pub fn token(self, jar: &CookieJar, settings: &Settings) -> Option<Token> {
        self.read(jar, settings)?.parse().ok()
    }

    /// Sets it to a value of base64url letters: not readable by scripts, and sent along when a link from elsewhere is followed but not with others' forms.
    pub fn set(self, jar: CookieJar, settings: &Settings, value: &str) -> CookieJar {
        let age = match self {
            // The row in the database decides; the cookie only has to outlive it (browsers cut at 400 days).
            Self::Session => 400 * 24 * 60 * 60,
            Self::Join | Self::Reset | Self::Verify => QUARTER_HOUR,
            Self::Flash => 60,
        };
        jar.add(self.build(settings, value, age))
    }

    /// Takes it back.
    pub fn clear(self, jar: CookieJar, settings: &Settings) -> CookieJar {
        jar.add(self.build(settings, "", 0))
    }

    fn build(self, settings: &Settings, value: &str, age: i64) -> Cookie<'static> {
        let secure = if settings.is_https() { "; Secure" } else { "" };
        let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}", self.text(settings));
        Cookie::parse(text).expect("names are constants, values are base64url")
    }
}
