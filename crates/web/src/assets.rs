//! Script, style and icons, embedded under hashed names with precompressed bodies.
//!
//! A name changes with its content, so browsers may keep an answer for ever.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, StatusCode};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "front/dist"]
struct Dist;

/// Plain name to address, for example `app.css` to `/assets/app-3d2f7dea69.css`.
static ADDRESSES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let file = Dist::get("manifest.json").expect("build.rs requires the manifest");
    let names: HashMap<String, String> =
        serde_json::from_slice(&file.data).expect("the front end's build wrote the manifest");
    names.into_iter().map(|(plain, hashed)| (plain, format!("/assets/{hashed}"))).collect()
});

/// The address of an asset by its plain name.
///
/// # Panics
/// On a name the front end does not have; a test renders every page.
pub fn asset(plain: &str) -> &'static str {
    ADDRESSES.get(plain).unwrap_or_else(|| panic!("no asset named {plain}"))
}

/// `GET /assets/{name}`: the body in the best encoding the client takes.
pub async fn serve(Path(name): Path<String>, asked: HeaderMap) -> Response {
    let encoding = Encoding::best(&asked);
    let stored = format!("{name}{}", encoding.suffix());
    let Some(file) = Dist::get(&stored).filter(|_| is_public(&name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{stored}\"");
    let caching = [(CACHE_CONTROL, "public, max-age=31536000, immutable"), (VARY, "Accept-Encoding"), (ETAG, &tag)];
    if has_tag(&asked, &tag) {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let about = [(CONTENT_TYPE, media_type(&name)), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    let coding = encoding.name().map(|name| [(CONTENT_ENCODING, name)]);
    match coding {
        Some(coding) => (caching, about, coding, body(file.data)).into_response(),
        None => (caching, about, body(file.data)).into_response(),
    }
}

/// Only what the manifest names is served: not the manifest, nor a compressed file by its own name.
fn is_public(name: &str) -> bool {
    ADDRESSES.values().any(|address| address.strip_prefix("/assets/") == Some(name))
}

fn body(data: Cow<'static, [u8]>) -> Body {
    Body::from(match data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    })
}

fn has_tag(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| one.trim().trim_start_matches("W/") == tag)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, end)| end) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
    Plain,
}

impl Encoding {
    /// Brotli before gzip, unless the client gives it quality 0.
    fn best(headers: &HeaderMap) -> Self {
        let accepted: Vec<&str> = headers
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(accepted_coding)
            .collect();
        if accepted.contains(&"br") {
            Self::Brotli
        } else if accepted.contains(&"gzip") {
            Self::Gzip
        } else {
            Self::Plain
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Plain => "",
        }
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Plain => None,
        }
    }
}

/// The coding of one piece of `Accept-Encoding`, or `None` when it is refused by `q=0`.
fn accepted_coding(piece: &str) -> Option<&str> {
    let (coding, parameters) = piece.split_once(';').unwrap_or((piece, ""));
    let quality = parameters.trim().strip_prefix("q=").unwrap_or("1");
    (quality.trim().parse::<f32>().is_ok_and(|q| q > 0.0)).then(|| coding.trim())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http_body_util::BodyExt;

    use super::*;

    async fn get(name: &str, pairs: &[(http::HeaderName, &str)]) -> Response {
        let mut headers = HeaderMap::new();
        for (key, value) in pairs {
            headers.insert(key, HeaderValue::from_str(value).unwrap());
        }
        serve(Path(name.to_owned()), headers).await
    }

    fn name_of(plain: &str) -> &'static str {
        asset(plain).strip_prefix("/assets/").unwrap()
    }

    #[tokio::test]
    async fn an_asset_may_be_kept_for_ever_and_says_its_type() {
        let response = get(name_of("app.css"), &[]).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(response.headers()[CACHE_CONTROL].to_str().unwrap().contains("immutable"));
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(body.starts_with(b"@layer tokens"));
    }

    #[tokio::test]
    async fn the_best_accepted_encoding_is_sent_and_a_refused_one_is_not() {
        let name = name_of("app.js");
        let brotli = get(name, &[(ACCEPT_ENCODING, "gzip, deflate, br")]).await;
        assert_eq!(brotli.headers()[CONTENT_ENCODING], "br");
        let gzip = get(name, &[(ACCEPT_ENCODING, "br;q=0, gzip;q=0.5")]).await;
        assert_eq!(gzip.headers()[CONTENT_ENCODING], "gzip");
        assert_ne!(brotli.headers()[ETAG], gzip.headers()[ETAG]);
        let plain = get(name, &[]).await;
        assert!(!plain.headers().contains_key(CONTENT_ENCODING));
    }

    #[tokio::test]
    async fn a_known_tag_is_answered_without_a_body() {
        let name = name_of("icons.svg");
        let first = get(name, &[]).await;
        let tag = first.headers()[ETAG].to_str().unwrap().to_owned();
        let again = get(name, &[(IF_NONE_MATCH, &format!("W/\"other\", {tag}"))]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn neither_the_manifest_nor_a_compressed_file_has_an_address() {
        let compressed = format!("{}.br", name_of("app.css"));
        for name in ["manifest.json", &compressed, "app.css", "../Cargo.toml"] {
            assert_eq!(get(name, &[]).await.status(), StatusCode::NOT_FOUND, "{name}");
        }
    }
}
