//! Identifiers: UUID version 7 inside, a prefixed base32 word outside (`inv_06d4…`).

use std::{fmt, str::FromStr};

use data_encoding::{Encoding, Specification};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::Uuid;

/// Why a text is not an identifier of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {0}_…")]
pub struct BadId(pub &'static str);

/// Crockford's alphabet in lower case: sorts like the bytes, has no look-alikes.
fn alphabet() -> &'static Encoding {
    static ALPHABET: std::sync::LazyLock<Encoding> = std::sync::LazyLock::new(|| {
        let mut spec = Specification::new();
        spec.symbols.push_str("0123456789abcdefghjkmnpqrstvwxyz");
        spec.encoding().expect("the alphabet has 32 distinct symbols")
    });
    &ALPHABET
}

/// The letters of an outer form, after the underscore. On the stack: a page writes hundreds of them.
fn word(id: Uuid) -> [u8; LETTERS] {
    let mut word = [0; LETTERS];
    alphabet().encode_mut(id.as_bytes(), &mut word);
    word
}

/// 128 bits by five.
const LETTERS: usize = 26;

fn read(prefix: &'static str, text: &str) -> Result<Uuid, BadId> {
    let word = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(BadId(prefix))?;
    let bytes = alphabet().decode(word.as_bytes()).map_err(|_| BadId(prefix))?;
    Uuid::from_slice(&bytes).map_err(|_| BadId(prefix))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// What the outer form begins with, before the underscore.
            pub const PREFIX: &'static str = $prefix;
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!($prefix, "_"))?;
                f.write_str(str::from_utf8(&word(self.0)).map_err(|_| fmt::Error)?)
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> { read($prefix, text).map(Self) }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                String::deserialize(from)?.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A workspace, which holds everything.
    WorkspaceId = "wsp";
    /// A person: an account on this server.
    PersonId = "per";
    /// A service account of one workspace.
    ServiceId = "svc";
    /// One address of a person.
    AddressId = "adr";
    /// A person's or service account's membership of one workspace; a return is a new one.
    MemberId = "mem";
    /// A project.
    ProjectId = "prj";
    /// An invitation.
    InvitationId = "inv";
    /// A message of the outbox.
    MessageId = "msg";
    /// A signed-in browser.
    SessionId = "ses";
    /// An API key.
    KeyId = "key";
    /// A folder of a project's repository.
    FolderId = "fld";
    /// A test case.
    CaseId = "cas";
    /// A label of a project.
    LabelId = "lbl";
    /// A file that hangs on a case.
    AttachmentId = "att";
    /// A group of steps that cases share.
    StepGroupId = "stg";
    /// A field of one's own.
    FieldId = "fie";
    /// An option of such a field.
    OptionId = "opt";
    /// One act of deletion: what it took is restored together.
    TrashId = "trs";
    /// What was done to many cases at once, and is taken back as a whole.
    ChangeSetId = "chg";
    /// A list of cases as somebody likes to see it.
    ViewId = "viw";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_the_way_out_and_back() {
        let id = InvitationId::from(Uuid::from_u128(0x0193_5e2a_0000_7000_8000_0000_0000_0001));
        let text = id.to_string();
        assert!(text.starts_with("inv_"));
        assert_eq!(text.len(), 30);
        assert_eq!(text.parse(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_is_refused() {
        let person = PersonId::from(Uuid::from_u128(7)).to_string();
        assert_eq!(person.parse::<InvitationId>(), Err(BadId("inv")));
        assert!("inv_zzz".parse::<InvitationId>().is_err());
        assert!("inv_".parse::<InvitationId>().is_err());
    }

    #[test]
    fn outer_forms_sort_like_the_ids() {
        let (early, late) = (MemberId::from(Uuid::from_u128(1 << 80)), MemberId::from(Uuid::from_u128(1 << 81)));
        assert!(early.to_string() < late.to_string());
    }
}
