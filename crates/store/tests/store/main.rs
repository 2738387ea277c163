//! Every function of the store against both engines.

mod access;
mod answers;
mod bed;
mod channel;
mod coverage;
mod events;
mod holders;
mod house;
mod invitations;
mod keys;
mod locks;
mod members;
mod messages;
mod people;
mod projects;
mod quotas;
mod sessions;
mod tokens;
mod workspaces;
