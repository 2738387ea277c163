//! The numbered steps from an empty database to today's.

use db::Migration;

/// All of them, in order. Forward only; the previous binary still runs on the result.
pub const ALL: &[Migration] = &[Migration { number: 1, name: "house", sql: include_str!("migrations/0001_house.sql") }];
