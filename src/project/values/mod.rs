//! The abstract interpreter: evaluates any expression in its scope, across files and calls.
//!
//! *In:* modules as facts. *Out:* values, and a log of what happened. *Never:* a library's name; models in `rules/` know those.
//!
//! Reading order: [`value`], [`heap`], [`earlier`], [`globals`], [`machine`] (the types), [`statements`], [`blocks`], [`binding`], [`expressions`], [`calls`], [`summaries`] ([`habits`], [`signature`], [`replays`], [`relocation`], [`room`], [`left`], [`touched`]), [`attributes`], [`items`],
//! [`classes`], [`instances`], [`enums`], [`functions`], [`reflected`],
//! [`operators`], [`arithmetic`], [`texts`], [`containers`], [`sets`], [`sorting`], [`special`], [`imports`], [`natives`] (Python's builtins), [`native_names`], [`operations`], [`records`], [`fields`], [`requests`], [`urls`],
//! [`answers`], [`sealed`], [`handlers`], [`expectations`], [`regular`], [`parsing`] (what models use), [`log`], [`blocking`] (what waits), [`infrastructure`] (what is spoken to).

pub mod answers;
pub mod arithmetic;
pub mod attributes;
pub mod binding;
pub mod blocking;
pub mod blocks;
pub mod caches;
pub mod calls;
mod checkers;
pub mod classes;
pub mod codecs;
pub mod collected;
pub mod containers;
pub mod data_files;
pub mod dispatch;
pub mod earlier;
pub mod enums;
pub mod expectations;
pub mod expressions;
pub mod externals;
pub mod fields;
pub mod formats;
pub mod functions;
pub mod globals;
pub mod habits;
pub mod handlers;
pub mod heap;
pub mod imports;
pub mod infrastructure;
pub mod instances;
pub mod items;
pub mod left;
pub mod log;
pub mod machine;
pub mod metaclasses;
pub mod native_names;
pub mod natives;
pub mod numbers;
pub mod operations;
pub mod operators;
pub mod parsing;
pub mod patterns;
pub mod records;
pub mod reflected;
pub mod regular;
pub mod relocation;
pub mod replays;
pub mod requests;
pub mod room;
pub mod sealed;
pub mod sets;
pub mod signature;
pub mod sorting;
pub mod special;
pub mod statements;
pub mod summaries;
pub mod suspended;
pub mod texts;
pub mod touched;
pub mod urls;
pub mod value;
