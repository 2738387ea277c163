//! The data layer against both engines.

mod bed;
mod marks;
mod migrations;
mod notices;
mod postgres;
mod proxy;
mod reads;
mod restarts;
mod sqlite;
mod values;
mod writes;
