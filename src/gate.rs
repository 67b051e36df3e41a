//! What decides whether a run passes: waivers, the criteria of the stages, the ratchet, and the routes that a change touches.
//!
//! `covgap --changed-since main` in the job of a change asks for tests of the routes that it adds or changes, and for nothing else.

use crate::audits::audit_of;
use crate::config::{Config, Error, Options, nearest};
use crate::coverage::audit::{Audit, Gate};
use crate::coverage::gates;
use crate::history::ratchet::{self, Today};
use crate::history::{Baseline, Snapshot, changed, compare, dates, waivers};
use crate::report::{baselines, snapshots};
use crate::rules::criteria::Criterion;
use crate::source::{self, Origin, Repository};

/// The stage of what the configuration and the command line ask for bars.
const CONFIGURED: &str = "configuration";
const CHANGED: &str = "changed";
/// Where a baseline is looked for when nothing is said.
pub const BASELINE: &str = "covgap-baseline.json";

/// Marks what is waived and judges all gates. The errors are the user's.
pub(crate) fn judge(
    audit: &mut Audit,
    options: &Options,
    config: &Config,
    criteria: &[Criterion],
) -> Result<(), Error> {
    let of_waivers = waivers::apply(audit, config, dates::today())?;
    let mut gates = gates::judge(audit, config, criteria)?;
    audit.gates = Vec::new();
    let snapshot = needs_snapshot(options, config)
        .then(|| snapshots::of(audit))
        .transpose()?;
    let mut more = of_waivers;
    let mut is_ratcheted = false;
    if let Some(snapshot) = &snapshot {
        let of_ratchet = ratchet_gates(options, config, snapshot)?;
        is_ratcheted = !of_ratchet.is_empty();
        more.extend(of_ratchet);
        if let Some(base) = &options.changed_since {
            more.extend(changed_gates(options, base, snapshot)?);
        }
    }
    choose(&mut gates, &more, options, config, is_ratcheted)?;
    gates.extend(more);
    audit.gates = gates;
    Ok(())
}

/// Whether a baseline or a revision will be asked; most runs ask neither.
fn needs_snapshot(options: &Options, config: &Config) -> bool {
    options.changed_since.is_some()
        || options.baseline.is_some()
        || config.baseline.is_some()
        || open(options).is_ok_and(|origin| origin.text(BASELINE).is_ok())
}

fn open(options: &Options) -> Result<Origin, Error> {
    source::open(&options.root, options.revision.as_deref())
}

/// Leaves the gates that were asked for. Where a ratchet or a change is judged, the usual criteria of all gaps would ask for the whole
/// project; what the configuration spells out stays.
fn choose(
    gates: &mut Vec<Gate>,
    more: &[Gate],
    options: &Options,
    config: &Config,
    is_ratcheted: bool,
) -> Result<(), Error> {
    if let Some(stage) = &options.stage {
        let all = gates.iter().chain(more);
        let known: Vec<&str> = all.map(|gate| gate.stage.as_str()).collect();
        if !known.contains(&stage.as_str()) {
            let error = Error::new(format!("no such stage: `{stage}`"));
            return Err(match nearest(stage, &known) {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("the stages are {}", distinct(&known).join(", "))),
            });
        }
        gates.retain(|gate| gate.stage == *stage || gate.stage == CONFIGURED);
        return Ok(());
    }
    if options.changed_since.is_some() {
        gates.retain(|gate| gate.stage == CONFIGURED && !options.fail_under.is_empty());
    } else if is_ratcheted {
        gates.retain(|gate| gate.stage == CONFIGURED || config.gates.contains_key(&gate.stage));
    }
    Ok(())
}

fn distinct<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for name in names {
        if !found.contains(name) {
            found.push(name);
        }
    }
    found
}

/// Where the baseline of a project lies, relative to its root, and whether somebody said so.
pub(crate) fn baseline_path(options: &Options, config: &Config) -> (String, bool) {
    let asked = options.baseline.as_ref().map(|path| {
        let inside = path.strip_prefix(&options.root).unwrap_or(path);
        inside.to_string_lossy().replace('\\', "/")
    });
    match asked.or_else(|| config.baseline.clone()) {
        Some(path) => (path, true),
        None => (BASELINE.to_string(), false),
    }
}

/// The baseline, if there is one. The errors are the user's: it is asked for and not there, or it is none.
pub(crate) fn baseline(options: &Options, config: &Config) -> Result<Option<Baseline>, Error> {
    let (path, is_asked) = baseline_path(options, config);
    let origin = open(options)?;
    match origin.text(&path) {
        Ok(text) => baselines::read(&text, path.as_ref()).map(Some),
        Err(_) if !is_asked && !origin.has(&path) => Ok(None),
        Err(why) => Err(Error::at(&path, format!("cannot read the baseline: {why}"))
            .help("`covgap baseline` writes one")),
    }
}

/// A baseline that is asked for and can't be read fails the run as a gap would: to pass would be to accept everything.
fn ratchet_gates(
    options: &Options,
    config: &Config,
    snapshot: &Snapshot,
) -> Result<Vec<Gate>, Error> {
    match baseline(options, config) {
        Ok(None) => Ok(Vec::new()),
        Ok(Some(baseline)) => Ok(baseline.against(snapshot).gates()),
        Err(error) => {
            let place = error.place().unwrap_or_default();
            Ok(vec![ratchet::refused(format!("{place}: {}", error.says))])
        }
    }
}

/// What `covgap baseline` and `--update-baseline` write.
pub fn baseline_today(options: &Options) -> Result<Today, Error> {
    let (audit, config) = audit_of(options)?;
    let snapshot = snapshots::of(&audit)?;
    let (path, _) = baseline_path(options, &config);
    let before = match open(options)?.has(&path) {
        true => baseline(options, &config)?,
        // Asked for, and not written yet.
        false => None,
    };
    Ok(Today {
        path,
        before: before.map(|baseline| baseline.against(&snapshot)),
        today: Baseline::of(&snapshot),
    })
}

/// The gates of a change: against where its branch left `base`.
fn changed_gates(options: &Options, base: &str, head: &Snapshot) -> Result<Vec<Gate>, Error> {
    let repository = Repository::around(&options.root)?;
    let of_head = repository.commit(options.revision.as_deref().unwrap_or("HEAD"))?;
    let base = repository.parted(&repository.commit(base)?, &of_head)?;
    let before = Options {
        revision: Some(base.full()),
        ..options.plain()
    };
    let (audit, _) = audit_of(&before)?;
    let before = snapshots::of(&audit)?;
    let (old, new) = (Origin::revision(&repository, &base)?, open(options)?);
    let renames = crate::compare::renames(&old, &before, &new, head);
    let difference = compare(&before, head, &renames);
    let old_text = |path: &str| {
        let path = renames.get(path).map_or(path, String::as_str);
        old.text(path).ok()
    };
    let new_text = |path: &str| new.text(path).ok();
    let routes = changed::routes(&before, head, &old_text, &new_text);
    let untested: Vec<String> = routes
        .iter()
        .filter(|route| {
            let mut open = head
                .open()
                .filter(|gap| gap.is_sure() && gap.priority == "P0");
            open.any(|gap| gap.route.as_ref() == Some(&route.id))
        })
        .map(|route| route.name())
        .collect();
    let opened: Vec<String> = difference
        .opened
        .iter()
        .filter(|gap| gap.is_open() && gap.priority != "P2")
        .map(|gap| gap.title.clone())
        .collect();
    let since = base.name();
    let gate = |id: &str, wrong: &[String], fine: &str, what: &str| {
        Gate::of(id, CHANGED, wrong, 1, fine, what)
    };
    Ok(vec![
        gate(
            "changed-routes-tested",
            &untested,
            &format!(
                "No critical gap is about the {} routes that changed since {since}",
                routes.len()
            ),
            &format!(
                "of {} routes that changed since {since} have critical gaps",
                routes.len()
            ),
        ),
        gate(
            "no-gap-opened",
            &opened,
            &format!("No gap was opened since {since}"),
            &format!("gaps were opened since {since}"),
        ),
    ])
}
