//! What handlers demand: who asks, proof that he may, and a body that reads.

mod body;
mod caller;
mod can;
mod can_in;
mod case;
mod id;
mod in_person;
mod operating;
mod paging;
mod query;

pub use body::{Body, Keyed};
pub use caller::Caller;
pub use can::Can;
pub use can_in::{CanAt, CanIn};
pub use case::{OfAttachment, OfCase, OfStepGroup, OfVersion};
pub use id::Id;
pub use in_person::InPerson;
pub use operating::Operating;
pub use paging::{Cursor, Paging};
pub use query::Query;
