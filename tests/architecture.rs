//! Reads our own source, and holds what DESIGN and the style of the house say about its rooms and files.
//!
//! Every check is a function from one file to complaints, and is shown below to fail on a small bad file.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// Each may use only those before it: the folders, then the files beside them.
const ROOMS: [&str; 19] = [
    "config",
    "source",
    "syntax",
    "rules",
    "facts",
    "project",
    "links",
    "coverage",
    "history",
    "report",
    "cli",
    "recall",
    "audits",
    "compare",
    "curve",
    "gate",
    "analyze",
    "dump",
    "knowledge",
];

/// Those that put the crate together.
const WHOLES: [&str; 2] = ["lib", "main"];

/// The files outside of `source` that touch the disk: they write what covgap makes, and read nothing of a project.
const WRITERS: [&str; 1] = ["src/report/write.rs"];

/// Who turns values into bytes: public formats, the configuration, and what a cache keeps.
const SERIALIZERS: [&str; 5] = [
    // It only reads.
    "src/source/data_files.rs",
    "src/report/",
    "src/config/",
    "src/facts/program.rs",
    "src/coverage/audit.rs",
];

const MOST_LINES: usize = 800;

const VAGUE_NAMES: [&str; 8] = [
    "utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff",
];

/// Libraries that covgap knows through `rules/` only, as words of a string literal. pytest's collection is our own knowledge.
#[rustfmt::skip]
const LIBRARIES: &[&str] = &[
    "aiohttp", "aiokafka", "alembic", "anthropic", "arango", "asgi_lifespan", "asyncpg", "axios", "beanie", "boto3",
    "botocore", "celery", "django", "dramatiq", "elasticsearch", "fakeredis", "fastapi", "fastapi_utils", "flask",
    "freezegun", "gunicorn", "hypercorn", "httpx", "httpx_ws", "mongoengine", "mongomock", "nginx", "nuxt", "openai",
    "playwright", "polyfactory", "psycopg", "psycopg2", "pydantic", "pydantic_settings", "pymongo", "redis", "requests_mock",
    "respx", "schemathesis", "sqlalchemy", "sqlmodel", "sse_starlette", "starlette", "supabase", "svelte", "testcontainers",
    "traefik", "urllib3", "uvicorn", "vite", "websockets",
];

/// Those whose names are English words, too: seen where a literal is the name, or spells an attribute of it.
const WORDS: &[&str] = &[
    "databases",
    "hypothesis",
    "kafka",
    "moto",
    "motor",
    "requests",
    "selenium",
    "strawberry",
    "stripe",
    "tortoise",
];

/// One file of `src/`.
struct Source {
    /// From the root of the repository, with `/`.
    path: String,
    text: String,
    syntax: syn::File,
}

#[derive(Debug, PartialEq, Eq)]
struct Complaint {
    path: String,
    line: usize,
    says: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.says)
    }
}

impl Source {
    fn new(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
            syntax: syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}")),
        }
    }

    fn complain(&self, line: usize, says: impl Into<String>) -> Complaint {
        Complaint {
            path: self.path.clone(),
            line,
            says: says.into(),
        }
    }

    /// The folder below `src/`, or the name of a file of `src/` itself.
    fn room(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        let room = below.split('/').next()?.trim_end_matches(".rs");
        (!WHOLES.contains(&room)).then_some(room)
    }

    fn is_in(&self, room: &str) -> bool {
        self.room() == Some(room)
    }

    /// How many modules enclose what stands in the file: 2 for `src/report/html/mod.rs` and for `src/report/json.rs`.
    fn depth(&self) -> usize {
        let below = self.path.trim_start_matches("src/").trim_end_matches(".rs");
        below
            .split('/')
            .filter(|part| !matches!(*part, "mod" | "lib" | "main"))
            .count()
    }

    fn tokens(&self) -> TokenStream {
        self.text.parse().unwrap()
    }
}

// ---------------------------------------------------------------- checks

/// A room uses only rooms to its left, by `crate::room` or by enough `super`s, in code, macros and tests alike.
fn uses_only_rooms_to_the_left(source: &Source, exports: &[(String, String)]) -> Vec<Complaint> {
    let Some(room) = source.room() else {
        return Vec::new();
    };
    let Some(place) = ROOMS.iter().position(|known| *known == room) else {
        return vec![source.complain(
            1,
            format!("`{room}` is no room; the rooms are {}", ROOMS.join(", ")),
        )];
    };
    let mut complaints = Vec::new();
    let mut used = Vec::new();
    names_at_the_root(source.tokens(), source.depth(), &mut used);
    for (line, name) in used {
        let exported = exports
            .iter()
            .find(|(item, _)| *item == name)
            .map(|(_, room)| room.as_str());
        let other = exported.unwrap_or(&name);
        match ROOMS.iter().position(|known| *known == other) {
            Some(used) if used <= place => {}
            Some(_) => complaints.push(source.complain(
                line,
                format!("`{room}` uses `{other}`, which stands to its right"),
            )),
            None => {
                complaints.push(source.complain(line, format!("`crate::{name}` is in no room")))
            }
        }
    }
    complaints
}

/// The names that follow `crate::`, with their lines; `crate::{a, b}` gives both.
fn names_at_the_root(tokens: TokenStream, depth: usize, found: &mut Vec<(usize, String)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: usize, text: &str| {
        tokens
            .get(at)
            .is_some_and(|token| token.to_string() == text)
    };
    let is_path = |at: usize| is(at, ":") && is(at + 1, ":");
    let mut at = 0;
    while at < tokens.len() {
        let mut after = at;
        if is(at, "crate") {
            after = at + 1;
        } else if is(at, "super") {
            let mut supers = 1;
            after = at + 1;
            while is_path(after) && is(after + 2, "super") {
                supers += 1;
                after += 3;
            }
            if supers < depth {
                at = after;
                continue;
            }
        }
        if after > at && is_path(after) {
            match tokens.get(after + 2) {
                Some(TokenTree::Ident(name)) => {
                    found.push((name.span().start().line, name.to_string()))
                }
                Some(TokenTree::Group(group)) => first_names(group.stream(), found),
                Some(_) | None => {}
            }
            at = after + 3;
            continue;
        }
        if let TokenTree::Group(group) = &tokens[at] {
            let is_module = at >= 2
                && group.delimiter() == Delimiter::Brace
                && tokens[at - 2].to_string() == "mod";
            names_at_the_root(group.stream(), depth + usize::from(is_module), found);
        }
        at += 1;
    }
}

fn first_names(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    let mut is_first = true;
    for token in tokens {
        match &token {
            TokenTree::Ident(name) if is_first && name != "self" => {
                found.push((name.span().start().line, name.to_string()));
                is_first = false;
            }
            TokenTree::Punct(punct) if punct.as_char() == ',' => is_first = true,
            TokenTree::Group(_)
            | TokenTree::Ident(_)
            | TokenTree::Punct(_)
            | TokenTree::Literal(_) => {}
        }
    }
}

/// Only `source` and the named writers touch the disk or run a program.
fn touches_no_disk(source: &Source) -> Vec<Complaint> {
    if source.is_in("source") || WRITERS.contains(&source.path.as_str()) {
        return Vec::new();
    }
    const PATHS: [&str; 8] = [
        "std::fs",
        "std::process::Command",
        "tempfile",
        "walkdir",
        "ignore",
        "std::net",
        "std::os::unix::fs",
        "std::fs::File",
    ];
    const METHODS: [&str; 8] = [
        "canonicalize",
        "exists",
        "is_dir",
        "is_file",
        "metadata",
        "read_dir",
        "symlink_metadata",
        "try_exists",
    ];
    let mut complaints = Vec::new();
    for (line, path) in used_paths(source) {
        if PATHS
            .iter()
            .any(|disk| path == *disk || path.starts_with(&format!("{disk}::")))
        {
            complaints
                .push(source.complain(line, format!("`{path}`: only `source` touches the disk")));
        }
    }
    let mut finder = Methods {
        names: &METHODS,
        found: Vec::new(),
    };
    finder.visit_file(&source.syntax);
    for (line, name) in finder.found {
        complaints
            .push(source.complain(line, format!("`.{name}()`: only `source` touches the disk")));
    }
    complaints
}

/// Only `syntax` uses the parser, and so only it can spell the kinds of its nodes.
fn spells_no_node_kind(source: &Source) -> Vec<Complaint> {
    if source.is_in("syntax") {
        return Vec::new();
    }
    used_paths(source)
        .into_iter()
        .filter(|(_, path)| {
            path.split("::")
                .next()
                .is_some_and(|name| name.starts_with("tree_sitter"))
        })
        .map(|(line, path)| {
            source.complain(line, format!("`{path}`: only `syntax` uses the parser"))
        })
        .collect()
}

fn serializes_nothing(source: &Source) -> Vec<Complaint> {
    if SERIALIZERS
        .iter()
        .any(|allowed| source.path.starts_with(allowed))
    {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    each_token(source.tokens(), &mut |token| {
        if let TokenTree::Ident(name) = token
            && matches!(
                name.to_string().as_str(),
                "Serialize" | "Serializer" | "serde_json"
            )
        {
            complaints.push(source.complain(
                name.span().start().line,
                format!("`{name}`: only {} serialize", SERIALIZERS.join(", ")),
            ));
        }
    });
    complaints
}

/// What covgap knows of a library stands in `rules/`. Documentation, unit tests and the names of those files may name it.
fn names_no_library(source: &Source) -> Vec<Complaint> {
    let mut finder = Literals::default();
    finder.visit_file(&source.syntax);
    let mut complaints = Vec::new();
    for (line, text) in finder.found {
        let is_rule_file = source.is_in("rules")
            && [".py", ".js", ".toml", ".md"]
                .iter()
                .any(|ending| text.ends_with(ending));
        if is_rule_file {
            continue;
        }
        if let Some(library) = library_in(&text) {
            complaints.push(source.complain(
                line,
                format!("the literal names the library `{library}`, which belongs into rules/"),
            ));
        }
    }
    complaints
}

fn library_in(text: &str) -> Option<&str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.split(|c| !is_part(c)).find(|word| {
        let name = word.to_lowercase();
        let rest = &text[word.as_ptr() as usize - text.as_ptr() as usize + word.len()..];
        let is_dotted = rest
            .strip_prefix('.')
            .is_some_and(|rest| rest.starts_with(is_part));
        LIBRARIES.contains(&name.as_str())
            || (WORDS.contains(&name.as_str()) && (is_dotted || text == *word))
    })
}

fn says_what_it_decides(source: &Source) -> Vec<Complaint> {
    if source.text.starts_with("//! ") {
        return Vec::new();
    }
    vec![source.complain(1, "begins without `//!`")]
}

fn is_short(source: &Source) -> Vec<Complaint> {
    match source.text.lines().count() {
        lines if lines > MOST_LINES => {
            vec![source.complain(lines, format!("{lines} lines, of at most {MOST_LINES}"))]
        }
        _ => Vec::new(),
    }
}

/// A `mod.rs` says In, Out and Never, and holds nothing but modules, what they give to others, and at most one entry function.
fn is_a_door_sign(source: &Source) -> Vec<Complaint> {
    if !source.path.ends_with("/mod.rs") {
        return Vec::new();
    }
    let mut complaints: Vec<Complaint> = ["*In:*", "*Out:*", "*Never:*"]
        .iter()
        .filter(|word| {
            !source
                .text
                .lines()
                .take_while(|line| line.starts_with("//!"))
                .any(|line| line.contains(*word))
        })
        .map(|word| source.complain(1, format!("does not say {word}")))
        .collect();
    let mut entries = 0;
    for item in &source.syntax.items {
        match item {
            syn::Item::Mod(syn::ItemMod { content: None, .. }) | syn::Item::Use(_) => {}
            syn::Item::Fn(function)
                if matches!(function.vis, syn::Visibility::Public(_)) && entries == 0 =>
            {
                entries += 1
            }
            other => complaints.push(source.complain(
                other.span().start().line,
                "a door sign holds only `mod`, `use` and one public entry function",
            )),
        }
    }
    complaints
}

fn gives_names_one_by_one(source: &Source) -> Vec<Complaint> {
    struct Globs(Vec<usize>);
    impl Visit<'_> for Globs {
        fn visit_item_use(&mut self, item: &syn::ItemUse) {
            let is_private = matches!(item.vis, syn::Visibility::Inherited);
            if !is_private && has_glob(&item.tree) {
                self.0.push(item.span().start().line);
            }
        }
    }
    let mut globs = Globs(Vec::new());
    globs.visit_file(&source.syntax);
    globs
        .0
        .into_iter()
        .map(|line| source.complain(line, "`pub use …::*`"))
        .collect()
}

fn has_glob(tree: &syn::UseTree) -> bool {
    match tree {
        syn::UseTree::Glob(_) => true,
        syn::UseTree::Path(path) => has_glob(&path.tree),
        syn::UseTree::Group(group) => group.items.iter().any(has_glob),
        syn::UseTree::Name(_) | syn::UseTree::Rename(_) => false,
    }
}

fn is_named_after_what_it_holds(source: &Source) -> Vec<Complaint> {
    source
        .path
        .trim_end_matches(".rs")
        .split('/')
        .filter(|name| VAGUE_NAMES.contains(name))
        .map(|name| source.complain(1, format!("`{name}` says nothing about what is in it")))
        .collect()
}

// ---------------------------------------------------------------- reading our source

/// All paths that code outside of unit tests spells, from `use`s and elsewhere: `use std::{fs, io::Write}` gives `std::fs` and
/// `std::io::Write`.
fn used_paths(source: &Source) -> Vec<(usize, String)> {
    #[derive(Default)]
    struct Paths(Vec<(usize, String)>);
    impl Paths {
        fn add_tree(&mut self, lead: &str, tree: &syn::UseTree) {
            let join = |name: String| {
                if lead.is_empty() {
                    name
                } else {
                    format!("{lead}::{name}")
                }
            };
            match tree {
                syn::UseTree::Path(path) => {
                    self.add_tree(&join(path.ident.to_string()), &path.tree)
                }
                syn::UseTree::Group(group) => group
                    .items
                    .iter()
                    .for_each(|tree| self.add_tree(lead, tree)),
                syn::UseTree::Name(name) => self
                    .0
                    .push((name.span().start().line, join(name.ident.to_string()))),
                syn::UseTree::Rename(name) => self
                    .0
                    .push((name.span().start().line, join(name.ident.to_string()))),
                syn::UseTree::Glob(glob) => self
                    .0
                    .push((glob.span().start().line, join("*".to_owned()))),
            }
        }
    }
    impl<'ast> Visit<'ast> for Paths {
        fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
            if !is_test(&item.attrs) {
                visit::visit_item_mod(self, item);
            }
        }
        fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
            if !is_test(&item.attrs) {
                self.add_tree("", &item.tree);
            }
        }
        fn visit_path(&mut self, path: &'ast syn::Path) {
            let names: Vec<String> = path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect();
            self.0.push((path.span().start().line, names.join("::")));
            visit::visit_path(self, path);
        }
    }
    let mut paths = Paths::default();
    paths.visit_file(&source.syntax);
    paths.0
}

/// `#[cfg(test)]` or `#[test]`.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        syn::Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::NameValue(_) => false,
    })
}

struct Methods<'a> {
    names: &'a [&'a str],
    found: Vec<(usize, String)>,
}

impl<'ast> Visit<'ast> for Methods<'_> {
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        if self.names.contains(&name.as_str()) && call.args.is_empty() {
            self.found.push((call.method.span().start().line, name));
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// String literals of code, also in macros; not those of attributes (documentation), unit tests and `include_str!`.
#[derive(Default)]
struct Literals {
    found: Vec<(usize, String)>,
}

impl<'ast> Visit<'ast> for Literals {
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_test(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
    fn visit_lit(&mut self, literal: &'ast syn::Lit) {
        let text = match literal {
            syn::Lit::Str(text) => text.value(),
            syn::Lit::ByteStr(bytes) => String::from_utf8_lossy(&bytes.value()).into_owned(),
            _ => return,
        };
        self.found.push((literal.span().start().line, text));
    }
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if call.path.is_ident("include_str") || call.path.is_ident("include_bytes") {
            return;
        }
        each_token(call.tokens.clone(), &mut |token| {
            if let TokenTree::Literal(literal) = token {
                let literal: syn::Lit =
                    syn::parse2(TokenTree::Literal(literal.clone()).into()).unwrap();
                self.visit_lit(&literal);
            }
        });
    }
}

fn each_token(tokens: TokenStream, see: &mut impl FnMut(&TokenTree)) {
    for token in tokens {
        see(&token);
        if let TokenTree::Group(group) = token {
            each_token(group.stream(), see);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    files.sort();
    files
        .iter()
        .map(|file| {
            let path = file
                .strip_prefix(root)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/");
            Source::new(&path, &fs::read_to_string(file).unwrap())
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

/// What `lib.rs` gives at the root: (item, its room).
fn exports(sources: &[Source]) -> Vec<(String, String)> {
    let library = sources
        .iter()
        .find(|source| source.path == "src/lib.rs")
        .unwrap();
    used_paths(library)
        .into_iter()
        .filter_map(|(_, path)| {
            let (room, rest) = path.split_once("::")?;
            Some((rest.rsplit("::").next()?.to_owned(), room.to_owned()))
        })
        .collect()
}

fn hold(complaints: Vec<Complaint>) {
    let text: Vec<String> = complaints.iter().map(Complaint::to_string).collect();
    assert!(text.is_empty(), "\n{}\n", text.join("\n"));
}

fn every(check: impl Fn(&Source) -> Vec<Complaint>) {
    hold(sources().iter().flat_map(check).collect());
}

// ---------------------------------------------------------------- our source holds

#[test]
fn rooms_use_only_rooms_to_their_left() {
    let sources = sources();
    let exports = exports(&sources);
    hold(
        sources
            .iter()
            .flat_map(|source| uses_only_rooms_to_the_left(source, &exports))
            .collect(),
    );
}

#[test]
fn only_source_touches_the_disk() {
    every(touches_no_disk);
}

#[test]
fn only_syntax_uses_the_parser() {
    every(spells_no_node_kind);
}

#[test]
fn only_formats_serialize() {
    every(serializes_nothing);
}

#[test]
fn no_literal_names_a_library() {
    every(names_no_library);
}

#[test]
fn every_file_says_what_it_decides() {
    every(says_what_it_decides);
}

#[test]
fn no_file_is_too_long() {
    every(is_short);
}

#[test]
fn every_mod_rs_is_a_door_sign() {
    every(is_a_door_sign);
}

#[test]
fn nothing_is_given_with_a_star() {
    every(gives_names_one_by_one);
}

#[test]
fn files_are_named_after_what_they_hold() {
    every(is_named_after_what_it_holds);
}

// ---------------------------------------------------------------- and each check can fail

/// The lines about which a check complains.
fn lines(check: impl Fn(&Source) -> Vec<Complaint>, path: &str, text: &str) -> Vec<usize> {
    check(&Source::new(path, text))
        .iter()
        .map(|complaint| complaint.line)
        .collect()
}

#[test]
fn a_use_of_a_room_to_the_right_is_seen() {
    let exports = [
        ("Error".to_owned(), "config".to_owned()),
        ("Audit".to_owned(), "coverage".to_owned()),
    ];
    let case = |path: &str, text: &str, expected: &[usize]| {
        assert_eq!(
            lines(
                |source| uses_only_rooms_to_the_left(source, &exports),
                path,
                text
            ),
            expected,
            "{path}: {text}"
        );
    };
    case(
        "src/facts/scopes.rs",
        "use crate::facts::program;\nuse crate::syntax::Tree;",
        &[],
    );
    case("src/facts/scopes.rs", "\nuse crate::project::World;", &[2]);
    case(
        "src/facts/scopes.rs",
        "use crate::{config, links::Link};",
        &[1],
    );
    case(
        "src/facts/scopes.rs",
        "fn f() {\n    let x: crate::report::Format;\n}",
        &[2],
    );
    case(
        "src/facts/scopes.rs",
        "fn f() { println!(\"{}\", crate::cli::run()) }",
        &[1],
    );
    case("src/facts/scopes.rs", "pub(crate) fn f() {}", &[]);
    case("src/facts/scopes.rs", "pub(in crate::facts) fn f() {}", &[]);
    case(
        "src/facts/scopes.rs",
        "use super::super::project::World;",
        &[1],
    );
    case("src/facts/scopes.rs", "use super::program;", &[]);
    case("src/facts/mod.rs", "use super::project::World;", &[1]);
    case(
        "src/facts/scopes.rs",
        "mod tests { use super::super::program; }",
        &[],
    );
    case(
        "src/facts/scopes.rs",
        "mod tests { use super::super::super::links; }",
        &[1],
    );
    case(
        "src/facts/lower/calls.rs",
        "use super::super::program;",
        &[],
    );
    case("src/config/read.rs", "use crate::Error;", &[]);
    case("src/config/read.rs", "use crate::Audit;", &[1]);
    case("src/config/read.rs", "use crate::Unheard;", &[1]);
    case("src/helpers/x.rs", "", &[1]);
    case("src/main.rs", "use covgap::cli;", &[]);
}

#[test]
fn a_touch_of_the_disk_is_seen() {
    let case = |path: &str, text: &str, expected: &[usize]| {
        assert_eq!(
            lines(touches_no_disk, path, text),
            expected,
            "{path}: {text}"
        );
    };
    case("src/facts/x.rs", "use std::fs;", &[1]);
    case("src/facts/x.rs", "use std::{io, fs::File};", &[1]);
    case(
        "src/facts/x.rs",
        "fn f() {\n    std::fs::read(\"x\");\n}",
        &[2],
    );
    case(
        "src/facts/x.rs",
        "fn f(p: &Path) -> bool { p.exists() }",
        &[1],
    );
    case(
        "src/facts/x.rs",
        "fn f() { std::process::Command::new(\"git\"); }",
        &[1],
    );
    case(
        "src/facts/x.rs",
        "#[cfg(test)]\nmod tests { use std::fs; }",
        &[],
    );
    case("src/facts/x.rs", "use std::fmt;", &[]);
    case("src/source/x.rs", "use std::fs;", &[]);
    case("src/report/write.rs", "use std::fs;", &[]);
    case("src/report/json.rs", "use tempfile::tempdir;", &[1]);
}

#[test]
fn a_use_of_the_parser_is_seen() {
    let case = |path: &str, text: &str, expected: &[usize]| {
        assert_eq!(
            lines(spells_no_node_kind, path, text),
            expected,
            "{path}: {text}"
        );
    };
    case("src/facts/x.rs", "use tree_sitter::Node;", &[1]);
    case(
        "src/facts/x.rs",
        "fn f() { tree_sitter_python::LANGUAGE; }",
        &[1],
    );
    case("src/syntax/x.rs", "use tree_sitter::Node;", &[]);
}

#[test]
fn a_serializer_is_seen() {
    let case = |path: &str, text: &str, expected: &[usize]| {
        assert_eq!(
            lines(serializes_nothing, path, text),
            expected,
            "{path}: {text}"
        );
    };
    case("src/coverage/judge.rs", "use serde::Serialize;", &[1]);
    case(
        "src/coverage/judge.rs",
        "#[derive(Clone,\n serde::Serialize)]\nstruct X;",
        &[2],
    );
    case(
        "src/rules/load.rs",
        "#[derive(Deserialize)]\nstruct X;",
        &[],
    );
    case("src/facts/program.rs", "use serde::Serialize;", &[]);
}

#[test]
fn a_name_of_a_library_is_seen() {
    let case = |text: &str, expected: &[usize]| {
        assert_eq!(
            lines(names_no_library, "src/project/x.rs", text),
            expected,
            "{text}"
        );
    };
    case("fn f() -> &'static str { \"fastapi.APIRouter\" }", &[1]);
    case("const X: &[u8] = b\"Redis\";", &[1]);
    case("fn f() { format!(\"{} of httpx\", 1); }", &[1]);
    case("fn f() { vec![g(\"starlette\")]; }", &[1]);
    case("fn f() { \"requestsx and a requests_toolbelt\"; }", &[]);
    case("fn f() { \"all requests of a test\"; }", &[]);
    case("fn f() { \"requests\"; }", &[1]);
    case("fn f() { \"a requests.get of it\"; }", &[1]);
    case("/// `fastapi.APIRouter`\nfn f() {}", &[]);
    case(
        "#[cfg(test)]\nmod tests { const X: &str = \"fastapi\"; }",
        &[],
    );
    case(
        "const X: &str = include_str!(\"../rules/fastapi.toml\");",
        &[],
    );
}

#[test]
fn a_file_that_does_not_say_what_it_decides_is_seen() {
    assert_eq!(
        lines(says_what_it_decides, "src/x.rs", "use std::fmt;"),
        [1]
    );
    assert_eq!(lines(says_what_it_decides, "src/x.rs", "//! Decides."), []);
}

#[test]
fn a_file_that_is_too_long_is_seen() {
    assert_eq!(lines(is_short, "src/x.rs", &"\n".repeat(801)), [801]);
    assert_eq!(lines(is_short, "src/x.rs", &"\n".repeat(800)), []);
}

#[test]
fn a_mod_rs_that_is_more_or_less_than_a_door_sign_is_seen() {
    let sign = "//! X.\n//! *In:* a. *Out:* b.\n//! *Never:* c.\nmod a;\npub use a::A;\n";
    let case = |path: &str, text: &str, expected: &[usize]| {
        assert_eq!(
            lines(is_a_door_sign, path, text),
            expected,
            "{path}: {text}"
        );
    };
    case("src/x/mod.rs", sign, &[]);
    case("src/x/mod.rs", &format!("{sign}pub fn load() {{}}"), &[]);
    case(
        "src/x/mod.rs",
        &format!("{sign}pub fn load() {{}}\npub fn store() {{}}"),
        &[7],
    );
    case("src/x/mod.rs", &format!("{sign}fn f() {{}}"), &[6]);
    case("src/x/mod.rs", &format!("{sign}mod b {{}}"), &[6]);
    case("src/x/mod.rs", "//! X.\n//! *In:* a.\nmod a;", &[1, 1]);
    case("src/x/a.rs", "fn f() {}", &[]);
}

#[test]
fn a_star_is_seen() {
    assert_eq!(
        lines(gives_names_one_by_one, "src/x.rs", "\npub use a::*;"),
        [2]
    );
    assert_eq!(
        lines(
            gives_names_one_by_one,
            "src/x.rs",
            "pub(crate) use a::{b, c::*};"
        ),
        [1]
    );
    assert_eq!(
        lines(
            gives_names_one_by_one,
            "src/x.rs",
            "use super::*;\npub use a::b;"
        ),
        []
    );
}

#[test]
fn a_vague_name_is_seen() {
    assert_eq!(
        lines(is_named_after_what_it_holds, "src/links/utils.rs", ""),
        [1]
    );
    assert_eq!(
        lines(is_named_after_what_it_holds, "src/links/reach.rs", ""),
        []
    );
}
