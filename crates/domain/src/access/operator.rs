//! The server as a whole in somebody's hands. It opens no workspace.

use super::SignedIn;

/// Somebody who is an operator of the server, by session or by a key without a `rights` limit. Enough to read; whoever
/// writes asks again in the transaction (`store::operators::still`).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Operator {
    who: SignedIn,
}

impl Operator {
    /// Somebody who was found to be one. Only `store::operators` may say so.
    pub const fn found(who: SignedIn) -> Self {
        Self { who }
    }

    /// Who, and how he is signed in.
    pub const fn who(&self) -> SignedIn {
        self.who
    }
}
