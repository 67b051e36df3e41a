//! Formats that other programs read in continuous integration.
//!
//! *In:* an [`Audit`](crate::coverage::Audit). *Out:* bytes as a published format wants them. *Never:* a format of our own.
//!
//! Reading order: [`lines`] (which lines are covered through a real interface), [`cobertura`] and [`lcov`] (that, for coverage
//! viewers); [`sarif`], [`code_quality`] and [`annotations`] (gaps, for code scanning); [`junit`] (gates); [`badge`].

pub(super) mod annotations;
pub(super) mod badge;
pub(super) mod cobertura;
pub(super) mod code_quality;
pub(super) mod junit;
pub(super) mod lcov;
mod lines;
pub(super) mod sarif;
