//! The HTML report: one file that needs no network and no script.
//!
//! *In:* an [`Audit`](crate::coverage::Audit). *Out:* a page that is made by `templates/report.html`.
//! *Never:* markup (it stands in the template), or a text of the project that has not gone through [`escape`].
//!
//! Reading order: [`escape`], [`page`] (the whole, bars and gates), [`routes`], [`suite`] (tests and doubles), [`gaps`], [`tables`] (settings and infrastructure), [`data`] (what
//! the script draws from).
//! The one entry is [`render`].

mod data;
pub(in crate::report) mod escape;
mod gaps;
mod page;
mod routes;
mod suite;
mod tables;

pub use page::render;
