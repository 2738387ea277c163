//! A link that was opened: its token lies in a cookie for a quarter of an hour, so that its page stands at a clean address
//! and the token in no history.

use app::{App, Failure, limits::Action, sessions::Browser};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use db::Conn;
use domain::{now::Now, secret::Token};

use crate::{cookies::Name, views::paths};

/// A kind of links, with the cookie that remembers one and the page that shows what stands behind it.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    cookie: Name,
    page: &'static str,
}

/// An invitation's link.
pub const JOIN: Opened = Opened { cookie: Name::Join, page: paths::JOIN };

/// A link to set a new password.
pub const RESET: Opened = Opened { cookie: Name::Reset, page: paths::RESET };

/// A link to prove an address.
pub const VERIFY: Opened = Opened { cookie: Name::Verify, page: paths::VERIFY };

impl Opened {
    /// Opens the link with this token: remembers it and goes on to the page. The error says why it leads nowhere.
    pub async fn open<T: Send + 'static>(
        self,
        app: &App,
        from: &Browser,
        jar: CookieJar,
        text: &str,
        look: impl FnOnce(&mut Conn, &Token, &Now) -> Result<T, Failure> + Send + 'static,
    ) -> Result<Response, Failure> {
        app.limits().attempt(Action::Join, from.client, None)?;
        let token: Token = text.parse().map_err(|_| Failure::Unknown)?;
        let looked = token.clone();
        app.read(move |db, now| look(db, &looked, now)).await?;
        Ok((self.keep(app, jar, &token), self.page()).into_response())
    }

    /// The token that is remembered.
    pub fn token(self, app: &App, jar: &CookieJar) -> Option<Token> {
        self.cookie.token(jar, app.settings())
    }

    /// Remembers it for a quarter of an hour from now. Every view of the page does.
    pub fn keep(self, app: &App, jar: CookieJar, token: &Token) -> CookieJar {
        self.cookie.set(jar, app.settings(), token.reveal())
    }

    /// Forgets it: it has done its work.
    pub fn forget(self, app: &App, jar: CookieJar) -> CookieJar {
        self.cookie.clear(jar, app.settings())
    }

    /// To the page, which knows how things stand: an answer of 200 to a form would not be shown.
    pub fn page(self) -> Response {
        Redirect::to(self.page).into_response()
    }
}
