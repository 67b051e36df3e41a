//! The suite as the page shows it: its files, their tests, and the doubles.
//!
//! `tests/test_items.py` is a row with the numbers of its tests by contact, and below it each test with the routes that it reaches.

use std::collections::BTreeMap;

use super::routes::anchor;
use crate::coverage::Audit;
use crate::coverage::audit::{Double, Exercise, Test};
use crate::report::words::Contact;
use crate::report::{text, words};

/// Tests that the page lists without its script; the script draws from the data, which has all.
const MOST_TESTS: usize = 1500;
/// Touches that one test lists.
const MOST_TOUCHES: usize = 12;

pub(super) struct SuiteFile<'a> {
    pub file: &'a str,
    /// `4 tests`.
    pub tests_count: String,
    /// The class and words of each contact that some test has as its best.
    pub contacts: Vec<(&'static str, String)>,
    pub tests: Vec<TestRow<'a>>,
}

pub(super) struct TestRow<'a> {
    pub test: &'a Test,
    /// The node id without the file.
    pub name: &'a str,
    pub class: &'static str,
    pub contact: &'static str,
    pub touches: Vec<Touch>,
    pub more_touches: usize,
    pub notes: Vec<String>,
}

pub(super) struct Touch {
    /// The fragment of the route, if it reached one.
    pub anchor: Option<String>,
    pub says: String,
}

pub(super) struct DoubleRow<'a> {
    pub double: &'a Double,
    /// `behind 3 exercises`.
    pub uses: String,
}

/// By file, then in the order of the lines; of a suite that is too large for a page without a script, the files only.
pub(super) fn suite_files(audit: &Audit) -> Vec<SuiteFile<'_>> {
    let mut by_file: BTreeMap<&str, Vec<&Test>> = BTreeMap::new();
    for test in &audit.tests {
        by_file.entry(&test.place.file).or_default().push(test);
    }
    by_file
        .into_iter()
        .map(|(file, tests)| suite_file(audit, file, tests))
        .collect()
}

fn suite_file<'a>(audit: &'a Audit, file: &'a str, mut tests: Vec<&'a Test>) -> SuiteFile<'a> {
    tests.sort_by_key(|test| (test.place.line, &test.id));
    let mut numbers: BTreeMap<Option<Contact>, usize> = BTreeMap::new();
    for test in &tests {
        *numbers.entry(best_contact(audit, test)).or_default() += 1;
    }
    let shown = [
        Contact::Interface,
        Contact::Doubled,
        Contact::Direct,
        Contact::Setup,
        Contact::NeverRuns,
    ]
    .map(Some)
    .into_iter()
    .chain([None]);
    SuiteFile {
        file,
        tests_count: text::count(tests.len(), "test", "tests"),
        contacts: shown
            .filter_map(|contact| {
                let number = numbers.get(&contact)?;
                let (class, word) = spelled(contact);
                Some((class, format!("{} {word}", text::grouped(*number))))
            })
            .collect(),
        tests: tests
            .into_iter()
            .filter(|_| audit.tests.len() <= MOST_TESTS)
            .map(|test| test_row(audit, test))
            .collect(),
    }
}

/// What its exercises amount to; none when it touches nothing.
pub(super) fn best_contact(audit: &Audit, test: &Test) -> Option<Contact> {
    if !test.runs {
        return Some(Contact::NeverRuns);
    }
    let rank = |contact: Contact| match contact {
        Contact::Interface => 0,
        Contact::Doubled => 1,
        Contact::Direct => 2,
        Contact::Setup => 3,
        Contact::NeverRuns => 4,
    };
    test.exercises
        .iter()
        .map(|&at| words::contact_of(audit, &audit.exercises[at]))
        .min_by_key(|&contact| rank(contact))
}

fn spelled(contact: Option<Contact>) -> (&'static str, &'static str) {
    match contact {
        Some(contact) => (words::contact_class(contact), words::contact(contact)),
        None => ("nothing", "touches nothing"),
    }
}

fn test_row<'a>(audit: &'a Audit, test: &'a Test) -> TestRow<'a> {
    let (class, contact) = spelled(best_contact(audit, test));
    let mut notes: Vec<String> = test.skip.iter().cloned().collect();
    if !test.asserts {
        notes.push("asserts nothing that covgap can see".to_owned());
    }
    TestRow {
        test,
        name: name_in_file(test),
        class,
        contact,
        touches: test
            .exercises
            .iter()
            .take(MOST_TOUCHES)
            .map(|&at| touch(audit, &audit.exercises[at]))
            .collect(),
        more_touches: test.exercises.len().saturating_sub(MOST_TOUCHES),
        notes,
    }
}

/// `TestItems::test_list`.
pub(super) fn name_in_file(test: &Test) -> &str {
    test.id
        .strip_prefix(&test.place.file)
        .and_then(|rest| rest.strip_prefix("::"))
        .unwrap_or(&test.id)
}

fn touch(audit: &Audit, exercise: &Exercise) -> Touch {
    let setup = match words::contact_of(audit, exercise) {
        Contact::Setup => " (setup)",
        Contact::Interface | Contact::Doubled | Contact::Direct | Contact::NeverRuns => "",
    };
    match (exercise.route, &exercise.target) {
        (Some(route), _) => Touch {
            anchor: Some(anchor(route)),
            says: format!("{}{setup}", words::route_name(&audit.routes[route])),
        },
        (None, Some(_)) => Touch {
            anchor: None,
            says: words::touch(exercise),
        },
        (None, None) => Touch {
            anchor: None,
            says: format!("{}: no route serves it", words::touch(exercise)),
        },
    }
}

/// The most used first.
pub(super) fn double_rows(audit: &Audit) -> Vec<DoubleRow<'_>> {
    let mut uses = vec![0; audit.doubles.len()];
    for exercise in &audit.exercises {
        for &double in &exercise.doubles {
            uses[double] += 1;
        }
    }
    let mut rows: Vec<(usize, &Double)> = uses.into_iter().zip(&audit.doubles).collect();
    rows.sort_by_key(|&(uses, _)| std::cmp::Reverse(uses));
    rows.into_iter()
        .map(|(uses, double)| DoubleRow {
            double,
            uses: text::count(uses, "exercise", "exercises"),
        })
        .collect()
}
