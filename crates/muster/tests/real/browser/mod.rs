//! Journeys of people, by clicking what people click.

mod first_owner;
