//! An LCOV tracefile (`man geninfo`, *FILES*): lines of handlers and error branches, with the number of tests that reach them.
//!
//! ```text
//! SF:app/items.py
//! DA:12,3
//! ```

use std::io::{self, Write};

use super::lines;
use crate::coverage::Audit;
use crate::report::inert;

pub(in crate::report) fn render(audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    for (file, of_file) in lines::of(audit) {
        writeln!(out, "TN:\nSF:{}", inert(file))?;
        for (line, hits) in &of_file {
            writeln!(out, "DA:{line},{hits}")?;
        }
        let (covered, all) = lines::count(&of_file);
        writeln!(out, "LF:{all}\nLH:{covered}\nend_of_record")?;
    }
    Ok(())
}
