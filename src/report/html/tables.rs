//! Tables of the bars that count more than a list can say: settings by environment, and infrastructure by what tests make of it.
//!
//! `DATABASE_URL`, which production provides in `.env.production` and tests in `conftest.py`, is a row with a cell for each of both.

use crate::coverage::Audit;
use crate::coverage::audit::{Environment, Infrastructure, Need, Place, Setting};
use crate::report::text;

/// The kind of gaps that say of settings that production does not provide them.
const MISSING: &str = "missing-setting";
/// Rows of one table; the JSON report has all.
const MOST_ROWS: usize = 400;
/// Places, tests or replacements in one cell.
const MOST_IN_CELL: usize = 4;

/// One cell: how much stands in it, and of it so much.
pub(super) struct Cell<T> {
    /// `12 tests`; nothing where all are shown.
    pub all: String,
    pub lines: Vec<T>,
    pub more: String,
}

pub(super) struct Settings<'a> {
    pub environments: Vec<&'static str>,
    pub rows: Vec<SettingRow<'a>>,
    pub more: usize,
}

pub(super) struct SettingRow<'a> {
    pub setting: &'a Setting,
    pub need: &'static str,
    pub is_required: bool,
    /// A finding says that production does not provide it.
    pub is_missing: bool,
    /// Production must provide it, and no file says that it does: another setting may do as well, or a store of secrets has it.
    pub is_not_found: bool,
    /// Value and place, by environment.
    pub cells: Vec<Cell<(Option<&'a str>, &'a Place)>>,
}

pub(super) struct InfrastructureRow<'a> {
    pub one: &'a Infrastructure,
    pub real: Cell<&'a str>,
    pub skipped: Cell<&'a str>,
    /// Place, how, rule, and the tests.
    pub replaced: Cell<(&'a Place, &'a str, &'a str, String)>,
}

/// Those that production must provide and does not come first; none where live code reads none.
pub(super) fn settings(audit: &Audit) -> Option<Settings<'_>> {
    let shown = |environment: &Environment| {
        let of_any = audit.settings.iter().flat_map(|one| &one.provided);
        *environment == Environment::Production
            || of_any
                .map(|one| one.environment)
                .any(|one| one == *environment)
    };
    let environments: Vec<Environment> = ENVIRONMENTS
        .into_iter()
        .map(|(environment, _)| environment)
        .filter(shown)
        .collect();
    let missed = |setting: &Setting| {
        let mut gaps = audit.gaps.iter().filter(|gap| gap.kind == MISSING);
        let is_other = |letter: char| letter != '_' && !letter.is_alphanumeric();
        gaps.any(|gap| gap.title.split(is_other).any(|word| word == setting.name))
    };
    let mut rows: Vec<SettingRow<'_>> = audit
        .settings
        .iter()
        .map(|setting| row(setting, &environments, missed(setting)))
        .collect();
    rows.sort_by_key(|row| (!row.is_missing, !row.is_not_found, row.setting.need as u8));
    let more = rows.len().saturating_sub(MOST_ROWS);
    rows.truncate(MOST_ROWS);
    (!rows.is_empty()).then(|| Settings {
        environments: ENVIRONMENTS
            .into_iter()
            .filter(|(environment, _)| environments.contains(environment))
            .map(|(_, name)| name)
            .collect(),
        rows,
        more,
    })
}

const ENVIRONMENTS: [(Environment, &str); 5] = [
    (Environment::Production, "production"),
    (Environment::Shared, "for all"),
    (Environment::Staging, "staging"),
    (Environment::Test, "test"),
    (Environment::Development, "development"),
];

fn row<'a>(setting: &'a Setting, environments: &[Environment], is_missing: bool) -> SettingRow<'a> {
    let is_required = setting.need == Need::Required;
    let mut provided = setting.provided.iter();
    let reaches_production = provided.any(|one| {
        matches!(
            one.environment,
            Environment::Production | Environment::Shared
        )
    });
    SettingRow {
        setting,
        need: match setting.need {
            Need::Required => "required",
            Need::WithoutDefault => "no default",
            Need::WithDefault => "has a default",
        },
        is_required,
        is_missing,
        is_not_found: is_required && !reaches_production && !is_missing,
        cells: environments
            .iter()
            .map(|environment| {
                let all = setting.provided.iter();
                let all = all.filter(|one| one.environment == *environment);
                cell(all.map(|one| (one.value.as_deref(), &one.place)))
            })
            .collect(),
    }
}

fn cell<T>(all: impl Iterator<Item = T>) -> Cell<T> {
    let mut lines: Vec<T> = all.collect();
    let all = lines.len();
    let more = all.saturating_sub(MOST_IN_CELL);
    lines.truncate(MOST_IN_CELL);
    Cell {
        all: match more {
            0 => String::new(),
            _ => text::grouped(all),
        },
        lines,
        more: match more {
            0 => String::new(),
            more => format!("and {} more", text::grouped(more)),
        },
    }
}

/// In the order of the bar's items.
pub(super) fn infrastructure(audit: &Audit) -> Vec<InfrastructureRow<'_>> {
    let ids = |tests: &'_ [usize]| {
        let tests = tests.to_vec();
        cell(tests.into_iter().map(|test| audit.tests[test].id.as_str()))
    };
    let rows = audit.infrastructure.iter().map(|one| InfrastructureRow {
        one,
        real: ids(&one.real),
        skipped: ids(&one.skipped),
        replaced: cell(one.replaced.iter().map(|replaced| {
            let rule = replaced.rule.as_deref().unwrap_or_default();
            let tests = text::count(replaced.tests.len(), "test", "tests");
            (&replaced.place, replaced.how.as_str(), rule, tests)
        })),
    });
    rows.collect()
}
