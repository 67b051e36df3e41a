//! Report: an audit as bytes that somebody reads.
//!
//! *In:* an [`Audit`](crate::coverage::Audit), or what the history says. *Out:* the bytes of one [`Format`], or the lines of the terminal.
//! *Never:* a verdict, a count or a sentence about the project that the audit does not hold.
//!
//! Reading order: [`format`](mod@format) (which formats there are); [`words`], [`sentences`], [`urgent`], [`cells`] and [`text`] (how
//! values, bars and a project's texts are spelled, and what comes first, the same everywhere); [`json`], [`terminal`],
//! [`terminal_full`], [`explain`], [`markdown`] with [`markdown_text`], [`html`] (one for each reader); [`ci`] (for other programs); [`scaffold`] (the missing tests); [`configuration`]
//! (for covgap itself); [`snapshots`], [`difference`](mod@difference), [`difference_json`], [`trends`],
//! [`trend_json`], [`trend_chart`], [`trend_page`] [`baselines`] and [`merged`] (of several runs); [`write`](mod@write) (where the bytes go).
//! The one entry is [`render`].

pub mod baselines;
mod cells;
mod ci;
pub mod configuration;
pub mod difference;
pub mod difference_json;
pub mod explain;
mod format;
mod html;
mod item_per_line;
mod json;
mod lines;
mod markdown;
mod markdown_text;
pub mod merged;
pub mod scaffold;
mod sentences;
pub mod snapshots;
pub mod terminal;
mod terminal_full;
mod text;
mod trend_chart;
pub mod trend_json;
pub mod trend_page;
pub mod trends;
mod urgent;
mod words;
pub mod write;

pub use format::{Format, render, render_over_time};
pub(crate) use sentences::names_gap;
pub(crate) use text::count;
pub use text::inert;
pub(crate) use words::is_counted;
