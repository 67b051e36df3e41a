//! Chunks: the parts of a file, each by a name that it keeps when lines above it come and go.
//!
//! ```python
//! LIMIT = 10                  # a statement: called by its text
//!
//! @router.get("/items")       # a function with its decorators and all that stands in it: called by its name
//! def list_items(): ...
//!
//! class Item(Base):           # what a class holds besides its methods: called by its name, too
//!     name: str
//! ```
//! A piece of work that ran `list_items` depends on the text of that chunk, and not on the rest of the file; a line that its result
//! names is called by the chunk and the distance from where that begins. Comments and empty lines between chunks are of none.
//!
//! A file that does not parse is one chunk: what the parser makes of its parts depends on all of it.

use rustc_hash::FxHashMap;

use crate::facts::Facts;
use crate::facts::program::{ClassId, FunctionId};
use crate::project::kept::{Sum, sum_of};

/// What everything outside of functions is, with their first lines: the chunk that running a module depends on.
pub const OUTLINE: u32 = 0;

/// A line by the chunk that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineName {
    pub chunk: Sum,
    /// Lines from its first one.
    pub offset: u32,
    /// Of the text up to the line: where it is another, the line may be another one, too.
    pub text: Sum,
}

#[derive(Debug)]
pub struct Chunks {
    /// The sum of each line.
    lines: Vec<Sum>,
    /// In order, and apart from each other.
    parts: Vec<Part>,
    parts_by_name: FxHashMap<Sum, u32>,
    functions: Names,
    classes: Names,
    /// What can be looked at, and its text.
    codes: Vec<Sum>,
    codes_by_name: FxHashMap<Sum, u32>,
    code_names: Vec<Sum>,
    /// The code of each function.
    of_functions: Vec<u32>,
}

/// Lines that belong together: a function, or a statement outside of functions.
#[derive(Debug)]
struct Part {
    first: u32,
    last: u32,
    name: Sum,
    code: u32,
    is_function: bool,
}

#[derive(Debug, Default)]
struct Names {
    names: Vec<Sum>,
    positions: FxHashMap<Sum, u32>,
}

impl Names {
    fn push(&mut self, name: Sum) {
        self.positions.insert(name, self.names.len() as u32);
        self.names.push(name);
    }
}

/// Names that were given, each once.
#[derive(Default)]
pub struct Given(FxHashMap<Sum, u32>);

impl Given {
    /// The second of a name is called otherwise.
    pub fn give(&mut self, name: Sum) -> Sum {
        let count = self.0.entry(name).or_default();
        *count += 1;
        match *count {
            1 => name,
            more => sum_of((name, more)),
        }
    }
}

impl Chunks {
    pub fn of(text: &str, facts: &Facts) -> Chunks {
        let lines: Vec<&str> = text.split('\n').collect();
        let mut chunks = Chunks {
            lines: Vec::new(),
            parts: Vec::new(),
            parts_by_name: FxHashMap::default(),
            functions: Names::default(),
            classes: Names::default(),
            codes: Vec::new(),
            codes_by_name: FxHashMap::default(),
            code_names: Vec::new(),
            of_functions: vec![OUTLINE; facts.functions.len()],
        };
        chunks.add_code(sum_of("outline"), sum_of(("whole", text)));
        if facts.problems.is_empty() {
            chunks.lines = lines.iter().map(sum_of).collect();
            let layout = Layout::of(&lines, facts);
            chunks.add_functions(&layout, facts);
            chunks.add_statements(&layout);
            chunks.add_classes(&layout, facts);
            chunks.codes[OUTLINE as usize] = chunks.outline(&layout, facts);
            chunks.name_functions(facts);
            chunks.name_classes(facts);
        }
        chunks
    }

    fn add_code(&mut self, name: Sum, text: Sum) -> u32 {
        let code = self.codes.len() as u32;
        self.codes.push(text);
        self.code_names.push(name);
        self.codes_by_name.insert(name, code);
        code
    }

    fn text_between(&self, first: u32, last: u32) -> Sum {
        let range = first.saturating_sub(1) as usize..(last as usize).min(self.lines.len());
        sum_of(self.lines.get(range))
    }

    fn add_functions(&mut self, layout: &Layout, facts: &Facts) {
        let mut given = Given::default();
        for &function in &layout.functions {
            let found = facts.function(function);
            let (first, last) = (found.first_line, found.last_line);
            let name = given.give(sum_of(("function", facts.name(found.qualified_name))));
            let code = self.add_code(name, self.text_between(first, last));
            self.parts.push(Part {
                first,
                last,
                name,
                code,
                is_function: true,
            });
        }
    }

    fn add_statements(&mut self, layout: &Layout) {
        let texts: Vec<Sum> = layout
            .statements
            .iter()
            .map(|(first, last)| self.text_between(*first, *last))
            .collect();
        let mut counts: FxHashMap<Sum, u32> = FxHashMap::default();
        for text in &texts {
            *counts.entry(*text).or_default() += 1;
        }
        let mut given = Given::default();
        for (&(first, last), text) in layout.statements.iter().zip(texts) {
            // Of several that are the same, one more may be any of them.
            let name = given.give(sum_of(("statement", text, counts.get(&text))));
            self.parts.push(Part {
                first,
                last,
                name,
                code: OUTLINE,
                is_function: false,
            });
        }
        self.parts.sort_unstable_by_key(|part| part.first);
        let named = self.parts.iter().enumerate();
        self.parts_by_name = named
            .map(|(position, part)| (part.name, position as u32))
            .collect();
    }

    fn add_classes(&mut self, layout: &Layout, facts: &Facts) {
        let mut given = Given::default();
        for &class in &layout.classes {
            let found = facts.class(class);
            let (first, last) = (found.first_line, found.last_line);
            let mut text = Vec::new();
            for line in first..=last {
                match self.part_at(line).filter(|part| part.is_function) {
                    Some(function) if function.first == line => text.push(function.name),
                    Some(_) => {}
                    None if layout.is_skipped(line) => {}
                    None => text.extend(self.lines.get(line as usize - 1)),
                }
            }
            let name = given.give(sum_of(("class", facts.name(found.qualified_name))));
            let code = self.add_code(name, sum_of(text));
            let own = self.parts.iter_mut().filter(|part| !part.is_function);
            own.filter(|part| (first..=last).contains(&part.first))
                .for_each(|part| part.code = code);
        }
    }

    /// Everything that running the module reads before it calls its functions.
    fn outline(&self, layout: &Layout, facts: &Facts) -> Sum {
        let mut text = Vec::new();
        let mut functions = layout.functions.iter().peekable();
        let mut line = 1;
        while line as usize <= self.lines.len() {
            let function = functions.next_if(|id| facts.function(**id).first_line == line);
            if let Some(&id) = function {
                let found = facts.function(id);
                let body = facts.stmt_list(found.body).first();
                let body = body.map(|statement| facts.stmt_line(*statement));
                // The last line of the parameters may be the first one of the body.
                let until = match body {
                    Some(body) if body > found.line => body.min(found.last_line),
                    _ => found.last_line,
                };
                text.push(sum_of(facts.name(found.qualified_name)));
                text.push(self.text_between(line, until));
                line = found.last_line + 1;
                continue;
            }
            if !layout.is_skipped(line) {
                text.push(self.lines[line as usize - 1]);
            }
            line += 1;
        }
        sum_of(("outline", text))
    }

    fn name_functions(&mut self, facts: &Facts) {
        let mut given = Given::default();
        for (position, function) in facts.functions.iter().enumerate() {
            let qualified = facts.name(function.qualified_name);
            let part = match position {
                0 => None,
                _ => self.part_at(function.first_line),
            };
            let code = part.map_or(OUTLINE, |part| part.code);
            let name = match part {
                // The function is its own chunk.
                Some(part) if part.is_function => match part.name {
                    own if given.0.contains_key(&own) => sum_of((own, qualified)),
                    own => own,
                },
                Some(part) => sum_of((part.name, qualified)),
                None => sum_of(("function", qualified)),
            };
            let name = given.give(name);
            self.functions.push(name);
            self.of_functions[position] = code;
        }
    }

    fn name_classes(&mut self, facts: &Facts) {
        let mut given = Given::default();
        for class in &facts.classes {
            let qualified = facts.name(class.qualified_name);
            let around = self.part_at(class.first_line);
            let around = around.filter(|part| part.is_function);
            let name = match around {
                Some(function) => sum_of((function.name, qualified)),
                None => sum_of(("class", qualified)),
            };
            self.classes.push(given.give(name));
        }
    }

    fn part_at(&self, line: u32) -> Option<&Part> {
        let next = self.parts.partition_point(|part| part.first <= line);
        let part = self.parts.get(next.checked_sub(1)?)?;
        (line <= part.last).then_some(part)
    }

    pub fn code_of_function(&self, function: FunctionId) -> u32 {
        let code = self.of_functions.get(function.0 as usize);
        code.copied().unwrap_or(OUTLINE)
    }

    pub fn code_at(&self, line: u32) -> u32 {
        self.part_at(line).map_or(OUTLINE, |part| part.code)
    }

    /// The name and the text of what can be looked at.
    pub fn code(&self, code: u32) -> Option<(Sum, Sum)> {
        let position = code as usize;
        Some((*self.code_names.get(position)?, *self.codes.get(position)?))
    }

    pub fn code_named(&self, name: Sum) -> Option<u32> {
        self.codes_by_name.get(&name).copied()
    }

    pub fn function_name(&self, function: FunctionId) -> Option<Sum> {
        self.functions.names.get(function.0 as usize).copied()
    }

    pub fn function_named(&self, name: Sum) -> Option<FunctionId> {
        self.functions.positions.get(&name).copied().map(FunctionId)
    }

    pub fn class_name(&self, class: ClassId) -> Option<Sum> {
        self.classes.names.get(class.0 as usize).copied()
    }

    pub fn class_named(&self, name: Sum) -> Option<ClassId> {
        self.classes.positions.get(&name).copied().map(ClassId)
    }

    /// None: it is of no chunk, or the first of the file, which stands for the file itself.
    pub fn line_name(&self, line: u32) -> Option<LineName> {
        let part = self.part_at(line).filter(|_| line > 1)?;
        Some(LineName {
            chunk: part.name,
            offset: line - part.first,
            text: match part.is_function {
                true => self.text_between(part.first, line),
                // Its name says it.
                false => 0,
            },
        })
    }

    pub fn line_named(&self, name: LineName) -> Option<u32> {
        let position = *self.parts_by_name.get(&name.chunk)?;
        let part = self.parts.get(position as usize)?;
        let line = part.first.checked_add(name.offset)?;
        (self.line_name(line) == Some(name)).then_some(line)
    }
}

/// What stands where.
struct Layout {
    /// Those that stand in no other function, in order of their lines.
    functions: Vec<FunctionId>,
    /// The outermost classes that stand in no function.
    classes: Vec<ClassId>,
    /// First and last line of the others, without the comments behind them.
    statements: Vec<(u32, u32)>,
    /// Lines between chunks that hold nothing, or a comment.
    skipped: Vec<bool>,
}

impl Layout {
    fn of(lines: &[&str], facts: &Facts) -> Layout {
        let functions = facts.functions.iter().enumerate().skip(1);
        let functions = functions.filter(|(_, one)| facts.name(one.name) != "<lambda>");
        let functions = functions.map(|(id, one)| (one.first_line, one.last_line, id as u32));
        let functions = outermost(functions.collect());
        let is_inside = |line: u32| {
            let next = functions.partition_point(|(first, ..)| *first <= line);
            let function = next.checked_sub(1).and_then(|last| functions.get(last));
            function.is_some_and(|(_, last, _)| line <= *last)
        };
        let classes = facts.classes.iter().enumerate();
        let classes = classes.map(|(id, one)| (one.first_line, one.last_line, id as u32));
        let classes = classes.filter(|(first, ..)| !is_inside(*first));
        let classes = outermost(classes.collect());

        let mut starts: Vec<u32> = facts.stmt_lines.clone();
        starts.extend(facts.classes.iter().map(|class| class.first_line));
        starts.retain(|line| *line > 0 && !is_inside(*line));
        let own = starts.len();
        starts.extend(functions.iter().map(|(first, ..)| *first));
        let end = lines.len() as u32 + 1;
        starts.push(end);
        let mut is_own: FxHashMap<u32, bool> = FxHashMap::default();
        for (position, start) in starts.iter().enumerate() {
            *is_own.entry(*start).or_default() |= position < own;
        }
        starts.sort_unstable();
        starts.dedup();

        let mut skipped = vec![false; lines.len() + 2];
        for &start in &starts {
            let from = silent_before(lines, start, &is_inside);
            (from..start).for_each(|line| skipped[line as usize] = true);
        }
        let mut statements = Vec::new();
        for pair in starts.windows(2) {
            if let [first, next] = *pair
                && is_own.get(&first).copied().unwrap_or_default()
            {
                let last = (first..next).rfind(|line| !skipped[*line as usize]);
                statements.push((first, last.unwrap_or(first)));
            }
        }
        Layout {
            functions: functions
                .into_iter()
                .map(|(.., id)| FunctionId(id))
                .collect(),
            classes: classes.into_iter().map(|(.., id)| ClassId(id)).collect(),
            statements,
            skipped,
        }
    }

    fn is_skipped(&self, line: u32) -> bool {
        self.skipped.get(line as usize).copied().unwrap_or_default()
    }
}

/// Of ranges of lines those that lie in no other, in order.
fn outermost(mut ranges: Vec<(u32, u32, u32)>) -> Vec<(u32, u32, u32)> {
    ranges.sort_unstable_by_key(|(first, last, id)| (*first, u32::MAX - last, *id));
    let mut end = 0;
    ranges.retain(|(first, last, _)| {
        let is_outer = *first > end;
        end = end.max(*last);
        is_outer
    });
    ranges
}

/// The first of the lines directly above a statement that hold nothing, or a comment: a text of several lines that one of them is
/// part of would have to end among them, or on the line of the statement.
fn silent_before(lines: &[&str], start: u32, is_inside: &impl Fn(u32) -> bool) -> u32 {
    let text = |line: u32| lines.get(line as usize - 1).copied().unwrap_or_default();
    let may_end_a_text = |line: &str| line.contains("\"\"\"") || line.contains("'''");
    if may_end_a_text(text(start)) {
        return start;
    }
    let mut from = start;
    while from > 1 && !is_inside(from - 1) {
        let line = text(from - 1).trim();
        if !line.is_empty() && !line.starts_with('#') || may_end_a_text(line) {
            break;
        }
        from -= 1;
    }
    let goes_on = from > 1 && text(from - 1).trim_end().ends_with('\\');
    if goes_on { start } else { from }
}
