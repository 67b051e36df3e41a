//! The frontend as it was in the run before, while none of the files that were read then is another.
//!
//! ```text
//! src/api.ts    its sum, …     → the calls, contexts and pages that were found
//! ```
//! A change of Python code leaves all of it as it is; one of a script makes all of it new.

use super::effects::RequestKind;
use super::found::Call;
use super::look::{FoundCall, FoundConsumer, FoundContext, Frontend, State, look};
use super::proxies::Rewrite;
use super::value::ScriptId;
use crate::project::kept::{
    Kept, Named, Reader, Sum, Writer, fields, names, sum_of, sum_of_text, whole,
};
use crate::rules::Rules;
use crate::source::Sources;

/// Paths of files with the sums of their texts; none: it can't be read.
type Read = Vec<(String, Option<Sum>)>;

/// [`look`], or what it found in the run before. With the bytes for the next run, if they are others.
pub fn look_again(
    sources: &Sources,
    rules: &Rules,
    asked: &[String],
    before: Option<&[u8]>,
) -> (Frontend, Option<Vec<u8>>) {
    let Some(before) = before else {
        return (look(sources, rules, asked), None);
    };
    let given = sum_of_text(&(&sources.others, &sources.environments, asked));
    let known: Option<(Sum, Read, Frontend)> = whole(before, &Named::default());
    if let Some((known, read, frontend)) = known
        && known == given
        && read
            .iter()
            .all(|(path, sum)| sum_of_file(sources, path) == *sum)
    {
        return (frontend, None);
    }
    let frontend = look(sources, rules, asked);
    let read: Read = sources
        .others_read()
        .into_iter()
        .map(|path| {
            let sum = sum_of_file(sources, &path);
            (path, sum)
        })
        .collect();
    let mut writer = Writer::default();
    given.put(&mut writer);
    read.put(&mut writer);
    frontend.put(&mut writer);
    (frontend, Some(writer.bytes))
}

fn sum_of_file(sources: &Sources, path: &str) -> Option<Sum> {
    sources.read_other(path).ok().map(sum_of)
}

names! {
    RequestKind { Http = 0, Websocket = 1 }
    State { None = 0, Unknown = 1, Pages = 2 }
}

fields! {
    Call { kind, method, path, has_unknown_base, is_guess, rule, places, either }
    FoundCall { call, places, is_reachable, pages, page_count, package }
    FoundConsumer { name, place, is_reachable }
    FoundContext { name, place, hooks, consumers, mounted_by, pages, rendered_by, bare }
    Rewrite { from, to, has_unknown_base, file }
    Frontend {
        state, calls, blanks, contexts, rewrites, served, assets, asset_endings, visits, pages, missing, open_imports, broken, unread,
        cut_off, without,
    }
}

impl Kept for ScriptId {
    fn put(&self, writer: &mut Writer) {
        self.0.put(writer);
    }

    fn take(reader: &mut Reader<'_>) -> Option<ScriptId> {
        u32::take(reader).map(ScriptId)
    }
}
