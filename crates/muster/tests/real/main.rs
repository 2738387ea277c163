//! The real binary from outside: browsers, a real mail server, crashes.

mod backup;
mod browser;
mod command;
mod faults;
mod kit;
mod mail;
mod operators;
