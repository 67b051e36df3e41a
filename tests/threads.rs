//! Same input, same bytes, whatever the number of threads: what one thread has found out others may use, and it must not show.

#![allow(clippy::unwrap_used)]

use covgap::Options;
use covgap::report::{self, Format};

fn report_with(threads: usize) -> String {
    let options = Options {
        root: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/shop").into(),
        threads: Some(threads),
        ..Options::default()
    };
    let audit = covgap::analyze(&options).unwrap();
    let mut bytes = Vec::new();
    report::render(&audit, Format::Json, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_number_of_threads_can_not_be_seen() {
    let alone = report_with(1);
    for threads in [2, 3, 8] {
        assert_eq!(alone, report_with(threads), "{threads} threads");
    }
}
