//! Pages of rules, for a reader and for `covgap rules check`: why, what to do, an example that has the gap, a counter-example that has not.
//!
//! ````text
//! # untested-route
//!
//! A route that no test is about.
//!
//! ## Why
//! …
//! ## What to do
//! …
//! ## Example
//! ```python title="main.py"
//! ```
//! ## Counter-example
//! ```python title="main.py"
//! ```
//! ````

use crate::config::Error;
use crate::rules::embedded;

/// A page of a gap kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The kind.
    pub id: String,
    /// `rules/gaps/untested-route.md`.
    pub path: String,
    /// The first line below the title.
    pub summary: String,
    /// All of it.
    pub text: String,
    pub example: Example,
    pub counter_example: Example,
}

/// A small project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Example {
    /// The line of its heading, from 1.
    pub line: usize,
    /// (path, text)
    pub files: Vec<(String, String)>,
}

/// All pages, sorted by id.
pub fn pages() -> Result<Vec<Page>, Error> {
    let pages = embedded::PAGES.iter().map(|(file, text)| {
        let id = file.strip_suffix(".md").unwrap_or(file);
        read(id, &format!("rules/gaps/{file}"), text)
    });
    pages.collect()
}

/// Which part of a page a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Prose,
    Example,
    CounterExample,
}

fn read(id: &str, path: &str, text: &str) -> Result<Page, Error> {
    let mut page = Page {
        id: id.to_owned(),
        path: path.to_owned(),
        summary: String::new(),
        text: text.to_owned(),
        example: Example::default(),
        counter_example: Example::default(),
    };
    let mut part = Part::Prose;
    let mut is_in_block = false;
    for (index, line) in text.lines().enumerate() {
        if is_in_block {
            is_in_block = line != "```";
            if is_in_block && let Some((_, content)) = page.example_mut(part).files.last_mut() {
                content.push_str(line);
                content.push('\n');
            }
            continue;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            part = match heading {
                "Example" => Part::Example,
                "Counter-example" => Part::CounterExample,
                _ => Part::Prose,
            };
            page.example_mut(part).line = index + 1;
        } else if line.starts_with("```") {
            let title = line.split('"').nth(1).filter(|_| part != Part::Prose);
            let Some(title) = title else {
                return Err(Error::at(path, "a block without a title")
                    .on_line(index + 1)
                    .help("write ```python title=\"main.py\" below `## Example` or `## Counter-example`"));
            };
            page.example_mut(part)
                .files
                .push((title.to_owned(), String::new()));
            is_in_block = true;
        } else if page.summary.is_empty() && !line.is_empty() && !line.starts_with('#') {
            page.summary = line.to_owned();
        }
    }
    for (example, heading) in [
        (&page.example, "## Example"),
        (&page.counter_example, "## Counter-example"),
    ] {
        if example.files.is_empty() {
            return Err(Error::at(path, format!("no file below `{heading}`"))
                .help("a page shows a project that has the gap, and one that has not"));
        }
    }
    Ok(page)
}

impl Page {
    fn example_mut(&mut self, part: Part) -> &mut Example {
        match part {
            Part::CounterExample => &mut self.counter_example,
            Part::Prose | Part::Example => &mut self.example,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{pages, read};

    #[test]
    fn every_embedded_page_can_be_read() {
        for page in pages().unwrap() {
            assert!(
                page.text
                    .starts_with(&format!("# {}\n\n{}\n", page.id, page.summary)),
                "{}",
                page.path
            );
            for part in ["Why", "What to do"] {
                let heading = format!("\n## {part}\n");
                assert!(page.text.contains(&heading), "{} {part}", page.path);
            }
            assert!(page.summary.len() < 100, "{}", page.path);
        }
    }

    #[test]
    fn an_example_is_its_files() {
        let text = "# x\n\nSays.\n\n## Example\n```python title=\"a.py\"\none\n\ntwo\n```\n## Counter-example\n```python title=\"b.py\"\n```\n";
        let page = read("x", "x.md", text).unwrap();
        assert_eq!(page.summary, "Says.");
        assert_eq!(
            page.example.files,
            [("a.py".to_owned(), "one\n\ntwo\n".to_owned())]
        );
        assert_eq!(
            page.counter_example.files,
            [("b.py".to_owned(), String::new())]
        );
        assert!(read("x", "x.md", "# x\n\nSays.\n").is_err());
    }
}
