//! How the types of `domain` become parameters and columns. Local traits, because `db` knows nothing of the product
//! and `domain` nothing of databases.

use db::{Error, Statement, Value};
use domain::{
    access::{Rights, Role},
    attachment::{self, Digest, FileName},
    case::{Content, Template, Touched, review::Review, version::Snapshot},
    change_set, field, id,
    invitation::{Delivery, Outcome, State},
    message::Kind,
    property,
    rank::Rank,
    secret::TokenHash,
    step_group::GroupSteps,
    time::Time,
};

/// Something that can stand for a `?`.
pub trait Param {
    /// Its stored form.
    fn value(&self) -> Value;
}

/// Something that can be read from a column.
pub trait Column: Sized {
    /// From its stored form; anything else is an [`Error::Shape`].
    fn read(value: Value) -> Result<Self, Error>;
}

/// A statement with its parameters.
macro_rules! sql {
    ($text:expr $(, $param:expr)* $(,)?) => {
        ::db::Statement::new($text, vec![$($crate::sql::Param::value(&$param)),*])
    };
}

/// A row as a struct: fields are named like the columns.
macro_rules! record {
    ($(#[$doc:meta])* $seen:vis struct $name:ident { $($(#[$note:meta])* $open:vis $field:ident: $kind:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        $seen struct $name { $($(#[$note])* $open $field: $kind,)* }

        impl ::db::Record for $name {
            fn from_row(row: &mut ::db::Row) -> Result<Self, ::db::Error> {
                Ok(Self { $($field: $crate::sql::Column::read(row.take(stringify!($field))?)?,)* })
            }
        }
    };
}

/// `text` with `{}` filled by as many `?` as there are `values`, which come after the `first` parameters.
pub(crate) fn within<T: Param>(text: &str, first: Vec<Value>, values: &[T]) -> Statement {
    let params = first.into_iter().chain(values.iter().map(Param::value)).collect();
    Statement::new(text.replacen("{}", &marks(values), 1), params)
}

/// For `LIKE ? ESCAPE '\'`: any text with these words in it. Wildcards in them are themselves.
pub(crate) fn containing(words: &str) -> Value {
    format!("%{}%", words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")).value()
}

/// As many `?` as there are `values`.
pub(crate) fn marks<T>(values: &[T]) -> String {
    vec!["?"; values.len()].join(", ")
}

/// At most so many rows in one statement: 128 rows of a dozen columns stay far below what either engine takes.
const MOST_ROWS: usize = 128;

/// `head VALUES (?, …), (?, …) tail` for these rows, in few statements. Their numbers of rows are powers of two, so that
/// an engine has few texts to keep prepared.
pub(crate) fn inserts(head: &str, rows: Vec<Vec<Value>>, tail: &str) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut rows = rows.into_iter();
    while rows.len() > 0 {
        let now = 1 << rows.len().min(MOST_ROWS).ilog2();
        let some: Vec<Vec<Value>> = rows.by_ref().take(now).collect();
        let row = format!("({})", marks(&some[0]));
        let text = format!("{head} VALUES {} {tail}", vec![row; now].join(", "));
        statements.push(Statement::new(text, some.into_iter().flatten().collect()));
    }
    statements
}

/// The values of a row.
macro_rules! values {
    ($($param:expr),* $(,)?) => { vec![$($crate::sql::Param::value(&$param)),*] };
}

/// Conditions that hold together, each with its parameters.
pub(crate) struct All {
    text: String,
    params: Vec<Value>,
}

impl All {
    /// This one, to begin with.
    pub(crate) fn of(text: impl Into<String>, params: Vec<Value>) -> Self {
        Self { text: text.into(), params }
    }

    /// And this one.
    pub(crate) fn and(mut self, text: impl AsRef<str>, params: Vec<Value>) -> Self {
        self.text = format!("{} AND ({})", self.text, text.as_ref());
        self.params.extend(params);
        self
    }

    /// The rows of `select` for which they hold; `rest` comes after, with parameters of its own.
    pub(crate) fn rows(self, select: &str, rest: &str, params: Vec<Value>) -> Statement {
        let (text, mut own) = self.text_of(select, rest);
        own.extend(params);
        Statement::new(text, own)
    }

    /// The same as a part of a larger statement.
    pub(crate) fn text_of(self, select: &str, rest: &str) -> (String, Vec<Value>) {
        (format!("{select} WHERE {} {rest}", self.text), self.params)
    }
}

impl<T: Param + ?Sized> Param for &T {
    fn value(&self) -> Value {
        (**self).value()
    }
}

impl<T: Param> Param for Option<T> {
    fn value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Param::value)
    }
}

impl<T: Column> Column for Option<T> {
    fn read(value: Value) -> Result<Self, Error> {
        if value == Value::Null { Ok(None) } else { T::read(value).map(Some) }
    }
}

impl Param for str {
    fn value(&self) -> Value {
        self.into()
    }
}

impl Param for [u8] {
    fn value(&self) -> Value {
        self.into()
    }
}

macro_rules! plain {
    ($($kind:ty),*) => {$(
        impl Param for $kind {
            fn value(&self) -> Value { self.clone().into() }
        }
        impl Column for $kind {
            fn read(value: Value) -> Result<Self, Error> { value.try_into() }
        }
    )*};
}
plain!(i64, bool, String, Vec<u8>);

macro_rules! ids {
    ($($kind:ident),*) => {$(
        impl Param for id::$kind {
            fn value(&self) -> Value { Value::Uuid((*self).into()) }
        }
        impl Column for id::$kind {
            fn read(value: Value) -> Result<Self, Error> { uuid::Uuid::try_from(value).map(Self::from) }
        }
    )*};
}
ids!(
    WorkspaceId,
    PersonId,
    AddressId,
    MemberId,
    ProjectId,
    InvitationId,
    MessageId,
    SessionId,
    KeyId,
    ServiceId,
    FolderId,
    CaseId,
    AttachmentId,
    StepGroupId,
    LabelId,
    TrashId,
    ChangeSetId,
    ViewId,
    FieldId,
    OptionId
);

macro_rules! words {
    ($($kind:ty),*) => {$(
        impl Param for $kind {
            fn value(&self) -> Value { self.slug().into() }
        }
        impl Column for $kind {
            fn read(value: Value) -> Result<Self, Error> {
                String::try_from(value)?.parse().map_err(|error| Error::Shape(format!("{}: {error}", stringify!($kind))))
            }
        }
    )*};
}
words!(
    Role,
    State,
    Delivery,
    Outcome,
    Kind,
    property::Kind,
    Template,
    Review,
    field::FieldKind,
    change_set::Phase,
    change_set::Outcome
);

impl Param for Digest {
    fn value(&self) -> Value {
        self.to_string().into()
    }
}

impl Column for Digest {
    fn read(value: Value) -> Result<Self, Error> {
        String::try_from(value)?.parse().map_err(|error| Error::Shape(format!("Digest: {error}")))
    }
}

impl Param for FileName {
    fn value(&self) -> Value {
        self.as_str().into()
    }
}

impl Column for FileName {
    fn read(value: Value) -> Result<Self, Error> {
        String::try_from(value).map(|name| Self::of(&name))
    }
}

impl Param for attachment::Kind {
    fn value(&self) -> Value {
        self.as_str().into()
    }
}

impl Column for attachment::Kind {
    fn read(value: Value) -> Result<Self, Error> {
        String::try_from(value).map(|kind| Self::kept(&kind))
    }
}

impl Param for Time {
    fn value(&self) -> Value {
        self.micros().into()
    }
}

impl Column for Time {
    fn read(value: Value) -> Result<Self, Error> {
        i64::try_from(value).map(Self::from_micros)
    }
}

impl Param for Rank {
    fn value(&self) -> Value {
        self.as_str().into()
    }
}

impl Column for Rank {
    fn read(value: Value) -> Result<Self, Error> {
        String::try_from(value)?.parse().map_err(|error| Error::Shape(format!("Rank: {error}")))
    }
}

impl Param for Rights {
    fn value(&self) -> Value {
        self.to_words().into()
    }
}

impl Column for Rights {
    fn read(value: Value) -> Result<Self, Error> {
        Self::from_words(&String::try_from(value)?).map_err(|error| Error::Shape(error.to_string()))
    }
}

impl Param for TokenHash {
    fn value(&self) -> Value {
        self.bytes().as_slice().into()
    }
}

/// Kept as JSON.
macro_rules! documents {
    ($($kind:ty),*) => {$(
        impl Param for $kind {
            fn value(&self) -> Value {
                serde_json::to_string(self).expect("a struct of texts, numbers and maps by text is JSON").into()
            }
        }
        impl Column for $kind {
            fn read(value: Value) -> Result<Self, Error> {
                serde_json::from_str(&String::try_from(value)?)
                    .map_err(|error| Error::Shape(format!("{}: {error}", stringify!($kind))))
            }
        }
    )*};
}
documents!(change_set::Values, change_set::Was, Content, Touched, Snapshot, GroupSteps);
