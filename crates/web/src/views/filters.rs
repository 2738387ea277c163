//! What templates may call: `{{ "users"|icon }}` and `{{ "app.css"|asset }}`.

use askama::Values;
use askama::filters::Safe;

/// The address of an asset.
#[askama::filter_fn]
pub fn asset(name: &str, _: &dyn Values) -> askama::Result<&'static str> {
    Ok(crate::assets::asset(name))
}

/// An icon that only decorates; the words beside it, or a label, carry the meaning.
#[askama::filter_fn]
pub fn icon(name: &str, _: &dyn Values) -> askama::Result<Safe<String>> {
    Ok(Safe(drawing("icon", name)))
}

/// The mark of the product.
#[askama::filter_fn]
pub fn logo(name: &str, _: &dyn Values) -> askama::Result<Safe<String>> {
    Ok(Safe(drawing("logo", name)))
}

/// `name` comes from a template's own text, never from a person.
fn drawing(class: &str, name: &str) -> String {
    let sprite = crate::assets::asset("icons.svg");
    format!(r#"<svg class="{class}" aria-hidden="true"><use href="{sprite}#{name}"/></svg>"#)
}

/// What a person wrote in Markdown, as `domain::markdown` made it safe.
#[askama::filter_fn]
pub fn prose(text: &super::case::Prose, _: &dyn Values) -> askama::Result<Safe<String>> {
    Ok(Safe(text.0.as_str().to_owned()))
}
