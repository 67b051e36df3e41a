//! What is kept of one run to compare it with another: the part of the JSON report that means something without its files.
//!
//! ```text
//! {"bars": [{"id": "http", "covered": 5, …}], "routes": […], "gaps": [{"id": "untested-route-4f1d0c92ab", …}]}
//! ```
//! A JSON report of any version of covgap reads as a snapshot: what is not in it has its default.

use serde::Deserialize;

use crate::project::routes::{Converters, unnamed};

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Snapshot {
    pub schema: u32,
    pub project: Project,
    pub bars: Vec<Bar>,
    pub totals: Totals,
    pub routes: Vec<Route>,
    pub gaps: Vec<Gap>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Project {
    pub name: String,
    #[serde(default)]
    pub revision: Option<String>,
    #[serde(default)]
    pub files: usize,
    #[serde(default)]
    pub lines: usize,
    pub tests: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Bar {
    pub id: String,
    pub label: String,
    #[serde(default)]
    pub side: String,
    pub covered: usize,
    pub total: usize,
    pub percent: Option<f64>,
    /// `measured`, `not-applicable` or `not-analyzed`.
    pub state: String,
}

/// Percents, or nothing.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Totals {
    pub implementation: Option<f64>,
    pub behavior: Option<f64>,
    pub overall: Option<f64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Route {
    pub id: String,
    pub kind: String,
    pub method: String,
    pub path: String,
    #[serde(default)]
    pub app: String,
    pub served: bool,
    #[serde(default)]
    pub shadowed_by: Option<String>,
    #[serde(default)]
    pub external: bool,
    pub handler: Handler,
    pub verdict: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Handler {
    pub file: Option<String>,
    pub line: u32,
    pub name: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Gap {
    pub id: String,
    pub kind: String,
    /// `P0`, `P1` or `P2`.
    pub priority: String,
    #[serde(default)]
    pub confidence: String,
    pub title: String,
    #[serde(default)]
    pub evidence: Vec<Place>,
    #[serde(default)]
    pub fix: String,
    /// The id of the route that it is about.
    #[serde(default)]
    pub route: Option<String>,
    #[serde(default)]
    pub waiver: Option<Waiver>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Place {
    pub file: String,
    pub line: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Waiver {
    pub expired: bool,
}

impl Snapshot {
    /// The routes that the bars count.
    pub fn counted(&self) -> impl Iterator<Item = &Route> {
        self.routes
            .iter()
            .filter(|route| route.served && route.shadowed_by.is_none())
    }

    /// The gaps that nobody has waived.
    pub fn open(&self) -> impl Iterator<Item = &Gap> {
        self.gaps.iter().filter(|gap| gap.is_open())
    }
}

impl Route {
    /// `GET /items/{id}`, `WS /events`.
    pub fn name(&self) -> String {
        let method = if self.kind == "websocket" {
            "WS"
        } else {
            &self.method
        };
        format!("{method} {}", self.path)
    }

    /// What a request says of it: a parameter may be called otherwise tomorrow.
    pub fn key(&self) -> String {
        let path = unnamed(&self.path, Converters::Dropped);
        format!("{} {} {path}", self.kind, self.method)
    }

    /// Does a test of it run through a real interface, with nothing replaced?
    pub fn is_tested(&self) -> bool {
        self.verdict == "behavior"
    }
}

impl Gap {
    pub fn is_open(&self) -> bool {
        self.waiver.as_ref().is_none_or(|waiver| waiver.expired)
    }

    /// Is it more than a possibility?
    pub fn is_sure(&self) -> bool {
        self.confidence != "possible"
    }

    pub fn file(&self) -> &str {
        self.evidence
            .first()
            .map_or("", |place| place.file.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn keys_of_routes() {
        let key = |path: &str| {
            let route = Route {
                kind: "http".into(),
                method: "GET".into(),
                path: path.into(),
                ..Route::default()
            };
            route.key()
        };
        assert_eq!(key("/items/{id}"), key("/items/{item_id:int}"));
        assert_ne!(key("/items/{id}"), key("/items"));
    }
}
