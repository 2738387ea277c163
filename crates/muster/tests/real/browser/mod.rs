//! Journeys of people, by clicking what people click.

mod accounts;
mod copied_links;
mod first_day;
mod first_owner;
mod joining;
mod keyboard;
mod live;
mod looks;
mod palette;
mod pasted_lists;
mod tables;
mod testers_hour;
mod typing;
