//! Fields of one's own: their kinds, and the values cases have in them.

use std::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    id::{OptionId, PersonId},
    title::{Unseen, folded},
};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $slug:literal, $words:literal;)*) => {
        /// What a field holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FieldKind { $($(#[$doc])* $name,)* }

        impl FieldKind {
            /// All of them, in the order of forms.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The word in tables, API and forms.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// What pages call it.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$name => $words,)* }
            }
        }
    };
}

kinds! {
    /// Plain text of at most [`LONGEST`] characters; line breaks stay.
    Text = "text", "Text";
    /// A decimal number, see [`Number`].
    Number = "number", "Number";
    /// A day of the calendar.
    Date = "date", "Date";
    /// One option of the field.
    Select = "select", "One option";
    /// Some options of the field.
    MultiSelect = "multi_select", "Several options";
    /// Somebody of the workspace.
    Person = "person", "Person";
    /// An address of the web, `http` or `https`.
    Url = "url", "Link";
    /// Yes or no.
    Checkbox = "checkbox", "Checkbox";
}

impl FieldKind {
    /// Whether its values are options of the field.
    pub const fn has_options(self) -> bool {
        matches!(self, Self::Select | Self::MultiSelect)
    }
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

/// A word that is no kind of field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("One of text, number, date, select, multi_select, person, url and checkbox")]
pub struct UnknownFieldKind;

impl FromStr for FieldKind {
    type Err = UnknownFieldKind;

    fn from_str(text: &str) -> Result<Self, UnknownFieldKind> {
        Self::ALL.iter().copied().find(|kind| kind.slug() == text).ok_or(UnknownFieldKind)
    }
}

/// The most characters of a text or link.
pub const LONGEST: usize = 2_000;
/// So many options a case has at most in one field.
pub const MOST_CHOSEN: usize = 50;

/// A decimal number with at most six places, below a thousand million: exact in tables and in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number(i64);

impl Number {
    const PLACES: usize = 6;
    const UNIT: i64 = 1_000_000;

    /// From millionths, as tables keep it.
    pub const fn of_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// In millionths.
    pub const fn millionths(self) -> i64 {
        self.0
    }

    fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, text) = text.strip_prefix(['-', '−']).map_or((false, text), |rest| (true, rest));
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() > 9 || part.len() > Self::PLACES || !digits(whole) || !digits(part) {
            return None;
        }
        let whole: i64 = whole.parse().ok()?;
        let part: i64 = format!("{part:0<6}").parse().ok()?;
        let value = whole * Self::UNIT + part;
        Some(Self(if negative { -value } else { value }))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.abs() / Self::UNIT, self.0.abs() % Self::UNIT);
        let sign = if self.0 < 0 { "-" } else { "" };
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{part:06}").trim_end_matches('0'))
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for Number {
    type Error = BadValue;

    fn try_from(text: String) -> Result<Self, BadValue> {
        Self::read(&text).ok_or(WANTS_NUMBER)
    }
}

/// What a case has in a field. Nothing is no value. As versions keep it, it says of which kind it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// In a text.
    Text(String),
    /// In a number.
    Number(Number),
    /// In a date.
    Day(#[serde(with = "day")] Date),
    /// In a choice; one in a select.
    Options(Vec<OptionId>),
    /// In a person.
    Person(PersonId),
    /// In a link.
    Url(String),
    /// In a checkbox that is ticked.
    Checked,
}

/// An option a value may name, by id or name.
#[derive(Clone, Debug)]
pub struct Choosable {
    /// Which.
    pub id: OptionId,
    /// What it is called.
    pub name: String,
}

/// Why something is no value of a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadValue {
    /// Another kind of JSON was wanted.
    #[error("{0}")]
    Kind(&'static str),
    /// Too long.
    #[error("{length} characters, at most {LONGEST} fit")]
    TooLong {
        /// Characters it has.
        length: usize,
    },
    /// A character no text may have.
    #[error("{0}")]
    Unseen(Unseen),
    /// No option of the field.
    #[error("{0} is no option of this field")]
    NoOption(String),
    /// More options than fit.
    #[error("At most {MOST_CHOSEN} options")]
    TooMany,
}

impl BadValue {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Kind(_) => "malformed",
            Self::TooLong { .. } => "too_long",
            Self::Unseen(what) => what.code(),
            Self::NoOption(_) => "unknown_option",
            Self::TooMany => "too_many",
        }
    }
}

const WANTS_TEXT: BadValue = BadValue::Kind("A text.");
const WANTS_NUMBER: BadValue =
    BadValue::Kind("A number with at most nine digits before the point and six behind it, for example 12.5.");
const WANTS_DAY: BadValue = BadValue::Kind("A day as in 2026-12-24.");
const WANTS_URL: BadValue = BadValue::Kind("A link that begins with https:// or http://.");
const WANTS_PERSON: BadValue = BadValue::Kind("The id of a person, per_….");
const WANTS_OPTIONS: BadValue = BadValue::Kind("The id or name of an option, or a list of them.");
const WANTS_YES_OR_NO: BadValue = BadValue::Kind("true or false.");

impl FieldKind {
    /// The value that JSON says, `None` if it says nothing: `null`, an empty text or list, `false`. What a form sends, texts
    /// all of it, reads likewise.
    pub fn read(self, json: &Value, options: &[Choosable]) -> Result<Option<FieldValue>, BadValue> {
        if *json == Value::Null || json.as_str().is_some_and(|text| text.trim().is_empty()) {
            return Ok(None);
        }
        match self {
            Self::Text => Ok(Some(FieldValue::Text(plain(json.as_str().ok_or(WANTS_TEXT)?)?))),
            Self::Url => url(json.as_str().ok_or(WANTS_URL)?).map(Some),
            Self::Number => {
                let text = json.as_str().map_or_else(|| json.to_string(), str::to_owned);
                Ok(Some(FieldValue::Number(Number::read(&text).ok_or(WANTS_NUMBER)?)))
            }
            Self::Date => {
                let day = json.as_str().and_then(|text| text.trim().parse::<Date>().ok()).ok_or(WANTS_DAY)?;
                Ok(Some(FieldValue::Day(day)))
            }
            Self::Person => {
                let id = json.as_str().and_then(|text| text.parse().ok()).ok_or(WANTS_PERSON)?;
                Ok(Some(FieldValue::Person(id)))
            }
            Self::Select | Self::MultiSelect => self.chosen(json, options),
            Self::Checkbox => match (json.as_bool(), json.as_str()) {
                (Some(true), _) | (_, Some("true" | "on")) => Ok(Some(FieldValue::Checked)),
                (Some(false), _) | (_, Some("false")) => Ok(None),
                _ => Err(WANTS_YES_OR_NO),
            },
        }
    }

    fn chosen(self, json: &Value, options: &[Choosable]) -> Result<Option<FieldValue>, BadValue> {
        let all = match json {
            Value::Array(all) => all.iter().map(Value::as_str).collect::<Option<Vec<&str>>>(),
            // As a form types several.
            one if self == Self::MultiSelect => one.as_str().map(|one| one.split(',').map(str::trim).collect()),
            one => one.as_str().map(|one| vec![one.trim()]),
        };
        let mut chosen: Vec<OptionId> = Vec::new();
        for name in all.ok_or(WANTS_OPTIONS)?.into_iter().filter(|name| !name.trim().is_empty()) {
            let same = |option: &&Choosable| option.id.to_string() == name || folded(&option.name) == folded(name);
            let found = options.iter().find(same).ok_or_else(|| BadValue::NoOption(name.to_owned()))?;
            if !chosen.contains(&found.id) {
                chosen.push(found.id);
            }
        }
        match chosen.len() {
            0 => Ok(None),
            2.. if self == Self::Select => Err(BadValue::Kind("One option.")),
            length if length > MOST_CHOSEN => Err(BadValue::TooMany),
            _ => Ok(Some(FieldValue::Options(chosen))),
        }
    }
}

impl FieldValue {
    /// As people read it. `option` and `person` say what those are called.
    pub fn words(
        &self,
        option: impl Fn(OptionId) -> Option<String>,
        person: impl Fn(PersonId) -> Option<String>,
    ) -> String {
        match self {
            Self::Text(text) | Self::Url(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Options(ids) => {
                let names = ids.iter().map(|id| option(*id).unwrap_or_else(|| "an option that is gone".to_owned()));
                names.collect::<Vec<_>>().join(", ")
            }
            Self::Person(id) => person(*id).unwrap_or_else(|| "Somebody".to_owned()),
            Self::Checked => "Yes".to_owned(),
        }
    }

    /// As the API tells it and a default is kept; options and persons by id.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) | Self::Url(text) => json!(text),
            // Fifteen digits at most, which a double holds.
            Self::Number(number) => number.to_string().parse::<serde_json::Number>().map_or(Value::Null, Value::Number),
            Self::Day(day) => json!(day.to_string()),
            Self::Options(ids) => json!(ids),
            Self::Person(id) => json!(id),
            Self::Checked => json!(true),
        }
    }
}

/// A day as versions keep it: `2026-12-24`.
mod day {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "so serde calls it")]
    pub(super) fn serialize<S: Serializer>(day: &Date, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

fn plain(text: &str) -> Result<String, BadValue> {
    let text = text.trim().replace("\r\n", "\n");
    let unseen = |c: char| {
        Unseen::of(c).filter(|what| matches!(what, Unseen::Nul | Unseen::Control | Unseen::Direction) && c != '\t')
    };
    match (text.chars().find_map(unseen), text.chars().count()) {
        (Some(what), _) => Err(BadValue::Unseen(what)),
        (None, length) if length > LONGEST => Err(BadValue::TooLong { length }),
        (None, _) => Ok(text),
    }
}

/// Only what a browser may open without running it.
fn url(text: &str) -> Result<FieldValue, BadValue> {
    let text = plain(text)?;
    let lower = text.to_ascii_lowercase();
    let host = ["https://", "http://"].iter().find_map(|scheme| lower.strip_prefix(scheme));
    let good = host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '['));
    if good && !text.contains(|c: char| c.is_whitespace() || "<>\"\\^`{|}".contains(c)) {
        Ok(FieldValue::Url(text))
    } else {
        Err(WANTS_URL)
    }
}

#[cfg(test)]
mod tests;
