//! Small things many views show.

/// A point in time. The page shows `text`; the browser adds the exact local time on hover.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// RFC 3339, for machines.
    pub rfc3339: String,
    /// As people say it: `2 hours ago`, `18 Nov`, `in 5 days`.
    pub text: String,
}

/// Initials on one of six hues, in place of a picture.
#[derive(Clone, Debug, Default)]
pub struct Face {
    /// One or two capitals.
    pub initials: String,
    /// 0 to 5.
    pub hue: u8,
}

impl Face {
    /// Initials of a name or address. `key` picks the hue and must stay the same when the name changes, such as an id.
    pub fn of(name: &str, key: &str) -> Self {
        let local_part = name.split('@').next().unwrap_or_default();
        let mut words = local_part
            .split(|c: char| c.is_whitespace() || matches!(c, '.' | '_' | '-' | '+'))
            .filter_map(|word| word.chars().next());
        let letters = [words.next(), words.next_back()];
        let initials = letters.iter().flatten().flat_map(|c| c.to_uppercase()).collect();
        // FNV-1a: ids differ in few places, hues should not.
        let hash = key.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        let [hue, ..] = (hash % 6).to_le_bytes();
        Self { initials, hue }
    }
}

/// A person as the page names them.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The address, where the reader may see it.
    pub email: String,
    /// Initials and hue.
    pub face: Face,
}

/// One input of a form: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// The raw text, shown again.
    pub value: String,
    /// What happened and what to do.
    pub error: Option<String>,
}

impl Field {
    /// An input without fault.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), error: None }
    }

    /// An input whose text is kept and whose fault is named.
    pub fn wrong(value: impl Into<String>, error: impl Into<String>) -> Self {
        Self { value: value.into(), error: Some(error.into()) }
    }
}

/// A role and where it holds.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The role's name, for example `Read Only`.
    pub role: String,
    /// Keys of the projects; `None` for all open projects.
    pub projects: Option<Vec<String>>,
}

/// One of several to choose from.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// As the form sends it.
    pub value: String,
    /// As the page shows it.
    pub label: String,
    /// It is chosen.
    pub chosen: bool,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), chosen }
    }
}

/// A project in a list.
#[derive(Clone, Debug)]
pub struct ProjectLink {
    /// The key, for example `WEB`.
    pub key: String,
    /// The name.
    pub name: String,
    /// Seen only by those with a grant.
    pub private: bool,
    /// One of the reader's favourites.
    pub favourite: bool,
}

/// A workspace one can go to.
#[derive(Clone, Debug)]
pub struct WorkspaceLink {
    /// The name.
    pub name: String,
    /// The slug in addresses.
    pub slug: String,
    /// The reader's role there.
    pub role: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_and_the_last_word_of_a_name_or_address() {
        let initials = |name| Face::of(name, "m1").initials;
        assert_eq!(initials("Ann Keller"), "AK");
        assert_eq!(initials("Ludwig van Beethoven"), "LB");
        assert_eq!(initials("leo.marten@hollinash.example"), "LM");
        assert_eq!(initials("viktor"), "V");
        assert_eq!(initials("  "), "");
    }

    #[test]
    fn the_hue_stays_with_the_key() {
        assert_eq!(Face::of("Ann", "m1").hue, Face::of("Anna Roth", "m1").hue);
    }
}
