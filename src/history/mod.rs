//! History: what two runs, or many, say together. Gaps that opened and closed, bars over time, what was accepted and may not grow.
//!
//! *In:* [`Snapshot`]s, which a report or a revision gives. *Out:* a [`Difference`], a [`Trend`], the gates of a [`Baseline`] and of
//! waivers.
//! *Never:* git, the disk, a verdict of its own.
//!
//! Reading order: [`snapshot`], [`identity`] (which gap is which), [`difference`], [`dates`], [`periods`], [`trend`], [`ratchet`],
//! [`waivers`], [`changed`].

pub mod changed;
pub mod dates;
pub mod difference;
pub mod identity;
pub mod periods;
pub mod ratchet;
pub mod snapshot;
pub mod trend;
pub mod waivers;

pub use difference::{Difference, compare};
pub use ratchet::Baseline;
pub use snapshot::Snapshot;
pub use trend::Trend;
