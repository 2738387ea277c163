//! What happens while everything breaks.

mod database_gone;
mod disk_full;
mod kills;
