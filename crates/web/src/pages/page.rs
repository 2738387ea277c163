//! A view as an answer, and the way to the next page with what just happened.

use app::{Failure, Settings};
use askama::Template;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use data_encoding::BASE64URL_NOPAD;
use http::StatusCode;

use crate::{cookies::Name, failed::Failed, views::frame::Flash};

/// A page to show.
#[derive(Clone, Debug)]
pub struct Page<T> {
    status: StatusCode,
    view: T,
}

impl<T> Page<T> {
    /// As asked for.
    pub const fn of(view: T) -> Self {
        Self { status: StatusCode::OK, view }
    }

    /// The same page again, with what was typed and what is wrong with it.
    pub const fn wrong(view: T) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, view }
    }

    /// With another status.
    pub const fn with(status: StatusCode, view: T) -> Self {
        Self { status, view }
    }
}

/// Bytes of a usual page: room from the beginning, so that it is not copied while it grows.
const USUAL: usize = 64 * 1024;

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let mut html = String::with_capacity(USUAL);
        match self.view.render_into(&mut html) {
            Ok(()) => (self.status, Html(html)).into_response(),
            Err(error) => Failed::from(Failure::Broken(format!("a template: {error}"))).into_response(),
        }
    }
}

/// On to a page, which tells what just happened.
pub fn on(jar: CookieJar, settings: &Settings, path: &str, flash: &Flash) -> Response {
    let told = serde_json::to_vec(flash).expect("a flash holds words and numbers");
    let jar = Name::Flash.set(jar, settings, &BASE64URL_NOPAD.encode(&told));
    (jar, Redirect::to(path)).into_response()
}

/// What just happened, told once.
pub fn told(jar: &CookieJar, settings: &Settings) -> Option<Flash> {
    let text = Name::Flash.read(jar, settings)?;
    serde_json::from_slice(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?).ok()
}

/// Takes back what was told.
pub fn forget(jar: CookieJar, settings: &Settings) -> CookieJar {
    if Name::Flash.read(&jar, settings).is_some() { Name::Flash.clear(jar, settings) } else { jar }
}
