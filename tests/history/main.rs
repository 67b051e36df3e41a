//! Revisions and what is made of them, through the binary, on repositories that the tests make with git.

#![allow(clippy::unwrap_used, clippy::panic)]

mod caches;
mod cheats;
mod differences;
mod merges;
mod repositories;
mod reuse;
mod revisions;
mod trends;
