//! What a container runs, and which folder of the project its folders were copied from.
//!
//! ```dockerfile
//! FROM python:3.12 AS runtime
//! WORKDIR /code
//! COPY ./backend/app /code/app          # /code is the project's `backend`
//! ENV PORT=80
//! CMD ["serve", "app.main:app", "--port", "80"]
//! ```
//! Source: <https://docs.docker.com/reference/dockerfile/>.

use toml::de::{DeTable, DeValue};

use super::commands::{Command, Variables, commands, substitute};
use super::paths;

/// One stage; the last is what is built unless another is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stage {
    /// `AS name`.
    pub name: Option<String>,
    /// The image or stage it begins from.
    pub image: String,
    /// The line of its `FROM`, from 1.
    pub line: usize,
    /// The folder that commands run in, absolute.
    pub workdir: String,
    pub variables: Variables,
    /// What was copied: a path of the build context, and where it went, absolute.
    pub copies: Vec<(String, String)>,
    pub entrypoint: Option<Run>,
    pub cmd: Option<Run>,
}

/// An `ENTRYPOINT` or `CMD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub line: usize,
    pub form: Form,
}

/// How it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// `["program", "argument"]`.
    Exec(Vec<String>),
    /// Text for a shell.
    Shell(String),
}

/// The stages of a Dockerfile.
pub fn read(text: &str) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut global = Variables::new();
    for (line, name, rest) in instructions(text) {
        let Some(stage) = stages.last_mut() else {
            match name.as_str() {
                "ARG" => assign(&rest, &mut global),
                "FROM" => stages.push(begin(line, &rest, &stages, &global)),
                _ => {}
            }
            continue;
        };
        match name.as_str() {
            "FROM" => {
                let next = begin(line, &rest, &stages, &global);
                stages.push(next);
            }
            "ARG" => {
                let name = rest.split('=').next().unwrap_or(&rest).trim();
                if let (false, Some(value)) = (rest.contains('='), global.get(name)) {
                    stage.variables.insert(name.to_string(), value.clone());
                }
                assign(&rest, &mut stage.variables);
            }
            "ENV" => assign(&rest, &mut stage.variables),
            "WORKDIR" => {
                let dir = substitute(rest.trim_matches('"'), &stage.variables);
                stage.workdir = absolute(&stage.workdir, &dir);
            }
            "COPY" | "ADD" => stage.copy(&rest),
            "ENTRYPOINT" => {
                // A new entry point takes the default command of the image away.
                stage.cmd = None;
                stage.entrypoint = Some(run(line, &rest));
            }
            "CMD" => stage.cmd = Some(run(line, &rest)),
            _ => {}
        }
    }
    stages
}

/// Instructions with their line; a `\` at a line's end goes on, and comments in between are skipped.
pub(super) fn instructions(text: &str) -> Vec<(usize, String, String)> {
    let mut found: Vec<(usize, String, String)> = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && open.is_some()) {
            continue;
        }
        let (start, mut instruction) = open.take().unwrap_or((index + 1, String::new()));
        if let Some(part) = trimmed.strip_suffix('\\') {
            instruction.push_str(part);
            instruction.push(' ');
            open = Some((start, instruction));
            continue;
        }
        instruction.push_str(trimmed);
        if let Some((name, rest)) = instruction.split_once(char::is_whitespace) {
            let rest = rest.trim().to_string();
            found.push((start, name.to_ascii_uppercase(), rest));
        }
    }
    found
}

fn begin(line: usize, rest: &str, stages: &[Stage], variables: &Variables) -> Stage {
    let rest = substitute(rest, variables);
    let mut words = rest
        .split_whitespace()
        .filter(|word| !word.starts_with("--"));
    let image = words.next().unwrap_or_default();
    let name = match (words.next(), words.next()) {
        (Some(word), Some(name)) if word.eq_ignore_ascii_case("as") => Some(name.to_string()),
        _ => None,
    };
    let base = stages
        .iter()
        .find(|stage| stage.name.as_deref() == Some(image));
    let stage = base.cloned().unwrap_or_else(|| Stage {
        workdir: "/".to_string(),
        ..Stage::default()
    });
    Stage {
        name,
        image: if base.is_some() {
            stage.image
        } else {
            image.to_string()
        },
        line,
        ..stage
    }
}

/// `A=1 B="2"`, or the old `A 1`.
pub(super) fn assign(text: &str, variables: &mut Variables) {
    let words = shlex::split(text).unwrap_or_default();
    match words.first() {
        Some(first) if first.contains('=') => {
            for (name, value) in words.iter().filter_map(|word| word.split_once('=')) {
                let value = substitute(value, variables);
                variables.insert(name.to_string(), value);
            }
        }
        Some(name) if words.len() > 1 => {
            let value = words.get(1..).unwrap_or_default().join(" ");
            variables.insert(name.clone(), substitute(&value, variables));
        }
        _ => {}
    }
}

fn run(line: usize, rest: &str) -> Run {
    let form = match list(rest) {
        Some(words) => Form::Exec(words),
        None => Form::Shell(rest.to_string()),
    };
    Run { line, form }
}

/// `["a", "b"]`, which TOML writes as JSON does; any other text is for a shell, even if it begins with a bracket.
fn list(text: &str) -> Option<Vec<String>> {
    if !text.starts_with('[') {
        return None;
    }
    let assignment = format!("list = {text}");
    let document = DeTable::parse(&assignment).ok()?;
    let DeValue::Array(items) = document.get_ref().get("list")?.get_ref() else {
        return None;
    };
    let words = items.iter().map(|item| match item.get_ref() {
        DeValue::String(word) => Some(word.to_string()),
        _ => None,
    });
    words.collect()
}

/// A path of the container seen from a folder of it.
fn absolute(dir: &str, path: &str) -> String {
    let inner = match path.strip_prefix('/') {
        Some(rest) => paths::join("", rest),
        None => paths::join(dir.trim_start_matches('/'), path),
    };
    format!("/{}", inner.unwrap_or_default())
}

impl Stage {
    fn copy(&mut self, rest: &str) {
        let words = list(rest)
            .or_else(|| shlex::split(rest))
            .unwrap_or_default();
        if words.iter().any(|word| word.starts_with("--from")) {
            return;
        }
        let words: Vec<String> = words
            .iter()
            .filter(|word| !word.starts_with("--"))
            .map(|word| substitute(word, &self.variables))
            .collect();
        let Some((target, sources)) = words.split_last() else {
            return;
        };
        for source in sources {
            let Some(plain) = paths::join("", source.trim_start_matches('/')) else {
                continue;
            };
            let mut place = absolute(&self.workdir, target);
            // A file that goes to a folder keeps its name; a folder's contents go there.
            let is_file = paths::name(&plain).contains('.') && !plain.is_empty();
            if is_file && (target.ends_with('/') || *target == "." || sources.len() > 1) {
                place = absolute(&place, paths::name(&plain));
            }
            self.copies.push((plain, place));
        }
    }

    /// The commands that a container of this stage begins with.
    pub fn started(&self) -> Vec<Command> {
        let shell = |run: &Run, text: &str| {
            let mut found = commands(text, &mut self.variables.clone());
            for command in &mut found {
                command.line = run.line;
            }
            found
        };
        match (&self.entrypoint, &self.cmd) {
            (Some(entrypoint), cmd) => match &entrypoint.form {
                Form::Shell(text) => shell(entrypoint, text),
                Form::Exec(words) => {
                    let mut words = words.clone();
                    let mut line = entrypoint.line;
                    match cmd.as_ref().map(|cmd| (cmd.line, &cmd.form)) {
                        Some((cmd_line, Form::Exec(more))) => {
                            words.extend(more.iter().cloned());
                            line = cmd_line;
                        }
                        Some((cmd_line, Form::Shell(text))) => {
                            words.extend(["sh".to_string(), "-c".to_string(), text.clone()]);
                            line = cmd_line;
                        }
                        None => {}
                    }
                    vec![Command {
                        words,
                        line,
                        dir: None,
                    }]
                }
            },
            (None, Some(cmd)) => match &cmd.form {
                Form::Shell(text) => shell(cmd, text),
                Form::Exec(words) => vec![Command {
                    words: words.clone(),
                    line: cmd.line,
                    dir: None,
                }],
            },
            (None, None) => Vec::new(),
        }
    }

    /// What a folder or file of the container may be in the build context, the likeliest first.
    pub fn sources_of(&self, path: &str) -> Vec<String> {
        let path = absolute(&self.workdir, path);
        let mut found = Vec::new();
        for (source, place) in self.copies.iter().rev() {
            let place = place.trim_start_matches('/');
            let path = path.trim_start_matches('/');
            if let Some(rest) = paths::below(path, place) {
                found.extend(paths::join(source, rest));
            } else if let Some(rest) = paths::below(place, path) {
                // `backend/app` went to `/code/app`, so `/code` is `backend`.
                let parent = source.strip_suffix(rest);
                let parent = parent.map(|parent| parent.trim_end_matches('/').to_string());
                found.extend(parent);
            }
        }
        let mut seen = Vec::new();
        found.retain(|path: &String| {
            let is_new = !seen.contains(path);
            seen.push(path.clone());
            is_new
        });
        found
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_runs() {
        let cases = [
            ("FROM x\nCMD [\"serve\", \"app:app\"]\n", "2 serve app:app"),
            (
                "FROM x\nCMD serve \\\n  # why\n  app:app\n",
                "2 serve app:app",
            ),
            (
                "FROM x\nENTRYPOINT [\"tini\", \"--\"]\nCMD [\"serve\", \"a:b\"]\n",
                "3 tini -- serve a:b",
            ),
            (
                "FROM x\nENV M=a.b\nENV A app\nCMD serve ${M}:$A --port ${P:-80}\n",
                "4 serve a.b:app --port 80",
            ),
            ("FROM x\nCMD [\"a\"]\nENTRYPOINT [\"b\"]\n", "3 b"),
            (
                "FROM x AS base\nCMD [\"a\"]\nFROM base\nRUN y\n",
                "2 a / 2 a",
            ),
            ("ARG V=1\nFROM x:$V\n", ""),
            ("FROM x\nCMD [ \"$A\" = \"b\" ]\n", "2 [ $A = b ]"),
        ];
        for (text, expected) in cases {
            let stages = read(text);
            let stages: Vec<String> = stages
                .iter()
                .flat_map(|stage| stage.started())
                .map(|command| format!("{} {}", command.line, command.words.join(" ")))
                .collect();
            assert_eq!(stages.join(" / "), expected, "{text}");
        }
        assert_eq!(read("ARG V=1\nFROM x:$V AS y\n")[0].image, "x:1");
    }

    #[test]
    fn where_files_came_from() {
        let cases = [
            ("COPY . .", "main.py", "main.py"),
            ("COPY ./app /code/app", ".", ""),
            ("COPY backend/app /code/app", ".", "backend"),
            ("COPY backend /code", "app/main.py", "backend/app/main.py"),
            (
                "COPY app/server.py /opt/x/server.py",
                "/opt/x/server.py",
                "app/server.py",
            ),
            ("COPY a.py b.py ./", "b.py", "b.py"),
            ("COPY --chown=1:1 src/ /code/", "main.py", "src/main.py"),
            ("COPY --from=build /x /code", "main.py", "-"),
        ];
        for (copy, path, expected) in cases {
            let stages = read(&format!("FROM x\nWORKDIR /code\n{copy}\n"));
            let sources = stages[0].sources_of(path);
            let first = sources.first().map_or("-", String::as_str);
            assert_eq!(first, expected, "{copy} {path}");
        }
    }
}
