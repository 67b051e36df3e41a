//! What the test of the pages is made of: a page, what Python recorded of it, what covgap reports of it, and their differences.
//!
//! In reading order: `page` takes Markdown apart, `expect` reads the comments in its code, `recording` and `report` are the two
//! accounts of one scenario in the same words, `compare` says where they differ, `findings` where its bars and gaps do, `pin` writes known differences into a page.

pub mod compare;
pub mod expect;
pub mod findings;
pub mod page;
pub mod pin;
pub mod recording;
pub mod report;
