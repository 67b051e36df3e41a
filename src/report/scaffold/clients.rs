//! Which client of the suite a new test asks for, and what it gives to its requests.
//!
//! `def test_read(client, admin): client.get("/orders", headers=admin.token)`: most tests of the routes of `orders.py` look like this,
//! so a new test of one of them has `client` and `admin`, too.

use std::collections::{BTreeMap, BTreeSet};

use crate::coverage::Audit;
use crate::coverage::audit::{Client, Given, Interface, Phase, Route, RouteKind};

/// An app, a file of handlers in it, and whether a client must open WebSockets.
type Beside<'a> = (&'a str, Option<&'a str>, RouteKind);

/// Which client a test of a route asks for.
pub(in crate::report) struct Clients<'a> {
    audit: &'a Audit,
    /// The clients of each test.
    by_test: BTreeMap<usize, Vec<usize>>,
    chosen: BTreeMap<Beside<'a>, (&'a Client, Vec<&'a Given>)>,
}

impl<'a> Clients<'a> {
    pub(in crate::report) fn new(audit: &'a Audit) -> Clients<'a> {
        let mut by_test: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, client) in audit.clients.iter().enumerate() {
            for &test in &client.tests {
                by_test.entry(test).or_default().push(at);
            }
        }
        let mut clients = Clients {
            audit,
            by_test,
            chosen: BTreeMap::new(),
        };
        let all: BTreeSet<Beside<'a>> = audit.routes.iter().map(beside).collect();
        for one in all {
            if let Some(client) = clients.choose(one) {
                let given = clients.given(one, client);
                clients.chosen.insert(one, (client, given));
            }
        }
        clients
    }

    /// With what its requests to the routes beside mostly carry.
    pub(super) fn of(&self, route: &Route) -> Option<(&'a Client, Vec<&'a Given>)> {
        let (client, given) = self.chosen.get(&beside(route))?;
        Some((client, given.clone()))
    }

    /// Of all clients the one that most tests use.
    pub(super) fn most_used(&self, opens_websockets: bool) -> Option<&'a Client> {
        let fitting =
            self.audit.clients.iter().filter(|client| {
                !opens_websockets || (client.has_websockets && !client.is_awaited)
            });
        let numbered = fitting.enumerate();
        numbered
            .max_by_key(|(at, client)| (client.tests.len(), std::cmp::Reverse(*at)))
            .map(|(_, client)| client)
    }

    /// What tests that reach the routes of the file through the client give to their requests, else those of the app.
    fn given(&self, (app, file, _): Beside<'_>, client: &Client) -> Vec<&'a Given> {
        let audit = self.audit;
        let reaching = |is_asked: &dyn Fn(&Route) -> bool| -> BTreeSet<usize> {
            let routes = audit.routes.iter().filter(|route| is_asked(route));
            let exercises = routes.flat_map(|route| &route.exercises);
            let exercises = exercises.map(|&at| &audit.exercises[at]);
            exercises
                .filter(|one| one.interface != Interface::Direct && one.phase == Phase::Call)
                .map(|one| one.test)
                .filter(|test| client.tests.contains(test))
                .collect()
        };
        let beside = reaching(&|route| route.app == app && route.handler.file.as_deref() == file);
        if beside.is_empty() {
            return mostly(audit, &reaching(&|route| route.app == app));
        }
        mostly(audit, &beside)
    }

    /// The client that most requests to the routes of the file go through, else most to the routes of its app.
    fn choose(&self, (app, file, kind): Beside<'_>) -> Option<&'a Client> {
        let audit = self.audit;
        let mut requests: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for route in audit.routes.iter().filter(|route| route.app == app) {
            let is_beside = route.handler.file.as_deref() == file;
            let exercises = route.exercises.iter().map(|&at| &audit.exercises[at]);
            for exercise in exercises.filter(|one| one.interface != Interface::Direct) {
                for &client in self.by_test.get(&exercise.test).into_iter().flatten() {
                    let (beside, all) = requests.entry(client).or_default();
                    *beside += usize::from(is_beside);
                    *all += 1;
                }
            }
        }
        let can_send = |client: &Client| match kind {
            RouteKind::Http => true,
            RouteKind::Websocket => client.has_websockets && !client.is_awaited,
        };
        requests
            .into_iter()
            .filter(|&(client, _)| can_send(&audit.clients[client]))
            .max_by_key(|&(client, numbers)| (numbers, std::cmp::Reverse(client)))
            .map(|(client, _)| &audit.clients[client])
    }
}

/// Of each keyword what most of the tests carry, if more than half of them carry it.
fn mostly<'a>(audit: &'a Audit, tests: &BTreeSet<usize>) -> Vec<&'a Given> {
    let mut best: BTreeMap<&str, (usize, &Given)> = BTreeMap::new();
    for given in &audit.given {
        let number = given.tests.iter().filter(|one| tests.contains(one)).count();
        let known = best
            .get(given.keyword.as_str())
            .map_or(0, |(known, _)| *known);
        if number * 2 > tests.len() && number > known {
            best.insert(&given.keyword, (number, given));
        }
    }
    best.into_values().map(|(_, given)| given).collect()
}

fn beside(route: &Route) -> Beside<'_> {
    (&route.app, route.handler.file.as_deref(), route.kind)
}
