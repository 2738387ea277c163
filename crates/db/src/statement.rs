//! SQL and its parameters.

use std::borrow::Cow;

use crate::{Value, error::Failure};

/// Plain SQL with `?`, and a value for each. Made by [`sql!`](crate::sql).
///
/// The text is normally a literal, so that engines keep it prepared; `Debug` leaves the values out.
#[derive(Clone)]
pub struct Statement {
    pub(crate) text: Cow<'static, str>,
    pub(crate) params: Vec<Value>,
}

impl Statement {
    /// A statement from its text and parameters, in the order of the `?`.
    pub fn new(text: impl Into<Cow<'static, str>>, params: Vec<Value>) -> Self {
        Statement { text: text.into(), params }
    }

    /// Refuses what only one of the engines would take, before either sees it.
    pub(crate) fn check(&self, places: usize) -> Result<(), Failure> {
        let given = self.params.len();
        if places != given {
            return Err(Failure::ours(format!("{places} parameters expected, {given} given in: {}", self.text)));
        }
        let nul = |value: &Value| matches!(value, Value::Text(text) if text.contains('\0'));
        match self.params.iter().position(nul) {
            Some(at) => Err(Failure::ours(format!("text with NUL in parameter {} of: {}", at + 1, self.text))),
            None => Ok(()),
        }
    }
}

impl std::fmt::Debug for Statement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Statement({:?}, {} parameters)", self.text, self.params.len())
    }
}

/// A [`Statement`] from a text with `?` and its parameters: `sql!("SELECT name FROM t WHERE id = ?", id)`.
#[macro_export]
macro_rules! sql {
    ($text:expr $(, $param:expr)* $(,)?) => {
        $crate::Statement::new($text, ::std::vec![$($crate::Value::from($param)),*])
    };
}
