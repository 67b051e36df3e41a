//! Services that live code looks up by name and that nothing can have made: the lookup gives nothing.
//!
//! ```python
//! billing = services.get("BillingService")    # unregistered-service: nothing live imports app/billing.py, which has the class
//! ```

use crate::coverage::audit::{Evidence, Gap, Priority};
use crate::coverage::gaps::gap;
use crate::coverage::judge::{Case, is_dead, place};
use crate::links::unmade::Unmade;

/// Of the places that name one class, so many are shown.
const MOST_PLACES: usize = 12;

/// One gap for each class.
pub fn gaps(case: &Case<'_>) -> Vec<Gap> {
    // Where not all that is served is known, more may be live than is known.
    if case.links.beyond.is_open {
        return Vec::new();
    }
    let found = case.links.unmade.iter();
    found.filter_map(|one| of_class(case, one)).collect()
}

fn of_class(case: &Case<'_>, one: &Unmade) -> Option<Gap> {
    let named = one.named.iter().map(|at| place(case.world, *at));
    let mut evidence: Vec<Evidence> = named
        .filter(|at| !is_dead(case, &at.file))
        .take(MOST_PLACES)
        .map(|at| Evidence {
            place: at,
            says: format!("looks up `{}` by its name", one.name),
            rule: None,
        })
        .collect();
    if evidence.is_empty() {
        return None;
    }
    let defined = place(case.world, one.defined);
    let lacks = match one.is_imported {
        true => "makes one",
        false => "imports it",
    };
    let title = format!(
        "`{}` is looked up by its name, and nothing that production runs {lacks}",
        one.name
    );
    let key = format!("{}:{}", defined.file, one.name);
    evidence.push(Evidence {
        place: defined,
        says: format!("`{}` is defined here", one.name),
        rule: None,
    });
    let found = gap(
        "unregistered-service",
        &key,
        Priority::P1,
        title,
        evidence,
        "make the service where the app starts, or take the lookup out",
        None,
    );
    // A text may be no lookup, and a module may be imported by a name that is put together.
    Some(found.about(&one.name).only_possible())
}
