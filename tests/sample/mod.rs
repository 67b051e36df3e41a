//! One audit with a case of everything that a report shows: the shop, a small project that does not exist.
//!
//! [`hostile`] is the same audit with names that try to break out of a report.

use std::sync::Arc;

use covgap::coverage::audit::*;

fn place(file: &str, line: u32) -> Place {
    Place {
        file: file.to_owned(),
        line,
    }
}

fn evidence(file: &str, line: u32, says: &str, rule: Option<&str>) -> Evidence {
    Evidence {
        place: place(file, line),
        says: says.to_owned(),
        rule: rule.map(str::to_owned),
    }
}

fn item(name: &str, file: &str, line: u32, covered: bool) -> BarItem {
    BarItem {
        name: name.to_owned(),
        place: Some(place(file, line)),
        covered,
        evidence: vec![evidence(file, line, "counted here", None)],
    }
}

fn bar(id: BarId, covered: usize, total: usize, why: &str, items: Vec<BarItem>) -> Bar {
    Bar {
        id,
        side: if (id as u8) <= 3 {
            Side::Implementation
        } else {
            Side::Behavior
        },
        state: BarState::Measured,
        covered,
        doubled: 0,
        setup: 0,
        total,
        why: why.to_owned(),
        items,
    }
}

fn bars() -> Vec<Bar> {
    let mut http = bar(
        BarId::HttpEndpoints,
        3,
        8,
        "live routes that a test reaches with nothing replaced",
        vec![],
    );
    (http.doubled, http.setup) = (1, 1);
    let mut frontend = bar(
        BarId::FrontendIntegration,
        0,
        0,
        "the project has no frontend",
        vec![],
    );
    frontend.state = BarState::NotApplicable;
    let mut react = bar(
        BarId::ReactProviderTree,
        0,
        0,
        "the project has no React code",
        vec![],
    );
    react.state = BarState::NotApplicable;
    let mut infrastructure = bar(
        BarId::InfrastructureConfig,
        0,
        0,
        "docker-compose.yml includes files that are not in the repository",
        vec![],
    );
    infrastructure.state = BarState::NotAnalyzed;
    vec![
        bar(
            BarId::BackendServices,
            2,
            2,
            "classes that do the project's work, constructed by a test",
            vec![
                item("OrderService", "shop/services/orders.py", 11, true),
                item("MailService", "shop/services/mail.py", 8, true),
            ],
        ),
        bar(
            BarId::ServiceInitialization,
            1,
            2,
            "those with a lifecycle method, which a test calls",
            vec![
                item("OrderService.start", "shop/services/orders.py", 19, true),
                item("MailService.connect", "shop/services/mail.py", 14, false),
            ],
        ),
        bar(
            BarId::DirectServiceCalls,
            3,
            5,
            "public methods of services, called by a test outside any request",
            vec![
                item("OrderService.place", "shop/services/orders.py", 27, true),
                item("OrderService.cancel", "shop/services/orders.py", 44, true),
                item("OrderService.refund", "shop/services/orders.py", 58, false),
                item("MailService.send", "shop/services/mail.py", 22, true),
                item("price_of", "shop/services/prices.py", 5, false),
            ],
        ),
        http,
        bar(
            BarId::WebsocketEndpoints,
            0,
            1,
            "live WebSocket routes that a test connects to",
            vec![],
        ),
        frontend,
        react,
        bar(
            BarId::FullInitialization,
            1,
            3,
            "calls of the lifespan that some test runs unreplaced",
            vec![
                item("create_pool", "shop/main.py", 21, true),
                item("MailService.connect", "shop/main.py", 22, false),
                item("load_prices", "shop/main.py", 23, false),
            ],
        ),
        bar(
            BarId::ErrorHandling,
            1,
            6,
            "pairs of route and error status that a test asserts",
            vec![],
        ),
        infrastructure,
        bar(
            BarId::ProductionConfig,
            0,
            2,
            "settings that production must provide, asserted under the production configuration",
            vec![
                item("DATABASE_URL", "shop/settings.py", 9, false),
                item("MAIL_HOST", "shop/settings.py", 10, false),
            ],
        ),
    ]
}

struct RouteSketch {
    method: &'static str,
    path: &'static str,
    handler: (&'static str, u32, &'static str),
    verdict: Verdict,
    contacts: [usize; 4],
}

fn route(sketch: RouteSketch) -> Route {
    let (file, line, name) = sketch.handler;
    let kind = if sketch.method.is_empty() {
        RouteKind::Websocket
    } else {
        RouteKind::Http
    };
    let [interface, doubled, setup, direct] = sketch.contacts;
    let scheme = if kind == RouteKind::Http {
        "http"
    } else {
        "websocket"
    };
    Route {
        id: format!(
            "{scheme}:{}:{}@shop.main:app#{name}",
            sketch.method, sketch.path
        ),
        kind,
        method: sketch.method.to_owned(),
        path: sketch.path.to_owned(),
        app: "shop.main:app".to_owned(),
        served: true,
        handler: Target {
            file: Some(file.to_owned()),
            line,
            name: name.to_owned(),
        },
        handler_lines: vec![line + 1, line + 3],
        registered_by: vec![
            place(file, line - 1),
            place("shop/api/__init__.py", 7),
            place("shop/main.py", 33),
        ],
        conditional: false,
        shadowed_by: None,
        external: false,
        owner: Some("@shop/backend".to_owned()),
        tags: vec!["shop".to_owned()],
        success: (sketch.path == "/orders/{order_id}/refund").then_some(202),
        dependencies: vec!["current_user".to_owned()],
        verdict: sketch.verdict,
        remarks: vec![],
        contacts: Contacts {
            interface,
            doubled,
            setup,
            direct,
        },
        error_branches: vec![],
        exercises: vec![],
    }
}

fn routes() -> Vec<Route> {
    let sketch = |method, path, handler, verdict, contacts| {
        route(RouteSketch {
            method,
            path,
            handler,
            verdict,
            contacts,
        })
    };
    let mut routes = vec![
        sketch(
            "GET",
            "/health",
            ("shop/api/health.py", 8, "health"),
            Verdict::Behavior,
            [1, 0, 0, 0],
        ),
        sketch(
            "GET",
            "/items",
            ("shop/api/items.py", 14, "list_items"),
            Verdict::Behavior,
            [2, 0, 0, 0],
        ),
        sketch(
            "GET",
            "/items/{item_id}",
            ("shop/api/items.py", 21, "read_item"),
            Verdict::Behavior,
            [2, 0, 0, 0],
        ),
        sketch(
            "POST",
            "/orders",
            ("shop/api/orders.py", 18, "place_order"),
            Verdict::Doubled,
            [0, 1, 0, 1],
        ),
        sketch(
            "DELETE",
            "/orders/{order_id}",
            ("shop/api/orders.py", 36, "cancel_order"),
            Verdict::Implementation,
            [0, 0, 0, 1],
        ),
        sketch(
            "POST",
            "/orders/{order_id}/refund",
            ("shop/api/orders.py", 52, "refund_order"),
            Verdict::Untested,
            [0, 0, 0, 0],
        ),
        sketch(
            "POST",
            "/token",
            ("shop/api/auth.py", 12, "token"),
            Verdict::Setup,
            [0, 0, 2, 0],
        ),
        sketch(
            "GET",
            "/reports/{name:path}",
            ("shop/api/reports.py", 9, "report"),
            Verdict::Unknown,
            [0, 0, 0, 0],
        ),
        sketch(
            "",
            "/orders/{order_id}/events",
            ("shop/api/events.py", 16, "events"),
            Verdict::Untested,
            [0, 0, 0, 0],
        ),
        sketch(
            "GET",
            "/items/new",
            ("shop/api/items.py", 40, "new_item"),
            Verdict::Untested,
            [0, 0, 0, 0],
        ),
        sketch(
            "GET",
            "/metrics",
            ("shop/main.py", 40, "metrics"),
            Verdict::Untested,
            [0, 0, 0, 0],
        ),
        sketch(
            "GET",
            "/ping",
            ("tests/test_middleware.py", 9, "ping"),
            Verdict::Behavior,
            [1, 0, 0, 0],
        ),
    ];
    routes[2].remarks = vec!["no test asserts a success of it: only ever answered 404".to_owned()];
    routes[9].shadowed_by = Some(2);
    routes[10].external = true;
    routes[10].handler = Target {
        file: None,
        line: 0,
        name: "prometheus.metrics".to_owned(),
    };
    routes[10].conditional = true;
    routes[11].served = false;
    routes[11].app = "tests.test_middleware:app".to_owned();
    routes[11].id = "http:GET:/ping@tests.test_middleware:app#ping".to_owned();
    routes
}

fn test(id: &str, line: u32) -> Test {
    let file = id.split("::").next().unwrap_or(id);
    Test {
        id: id.to_owned(),
        place: place(file, line),
        runs: true,
        skip: None,
        asserts: true,
        exercises: vec![],
    }
}

fn tests() -> Vec<Test> {
    let mut tests = vec![
        test("tests/test_health.py::test_health", 5),
        test("tests/test_items.py::TestItems::test_list", 12),
        test("tests/test_items.py::TestItems::test_missing", 18),
        test("tests/test_items.py::test_read_or_missing", 27),
        test("tests/test_mail.py::test_send", 9),
        test("tests/test_middleware.py::test_ping", 14),
        test("tests/test_orders.py::test_cancel_service", 31),
        test("tests/test_orders.py::test_place", 16),
        test("tests/test_orders.py::test_place_handler", 23),
        test("tests/test_prices.py::test_rounding", 4),
        test("tests/test_reports.py::test_archive", 8),
    ];
    tests[4].runs = false;
    tests[4].skip = Some("skipped when MAIL_HOST is not set".to_owned());
    tests[10].skip = Some("may skip: pytest.skip() when the archive is absent".to_owned());
    tests[9].asserts = false;
    tests
}

fn request(
    test: usize,
    method: &str,
    url: &str,
    route: Option<usize>,
    statuses: &[u16],
    chain: Vec<Evidence>,
) -> Exercise {
    Exercise {
        test,
        phase: Phase::Call,
        interface: Interface::Http,
        transport: Transport::InProcess,
        method: method.to_owned(),
        url: url.to_owned(),
        route,
        target: None,
        statuses: statuses.to_vec(),
        asserts: true,
        confidence: Confidence::Certain,
        doubles: vec![],
        evidence: chain.into(),
    }
}

fn call(test: usize, file: &str, line: u32, name: &str, at: Evidence) -> Exercise {
    let mut call = request(test, "", "", None, &[], vec![at]);
    call.interface = Interface::Direct;
    call.transport = Transport::None;
    call.target = Some(Arc::new(Target {
        file: Some(file.to_owned()),
        line,
        name: name.to_owned(),
    }));
    call
}

fn exercises() -> Vec<Exercise> {
    let client = || {
        evidence(
            "tests/conftest.py",
            11,
            "the fixture `client` is a client of shop.main:app",
            Some("fastapi/test-client"),
        )
    };
    let get = |line, says: &str| evidence("tests/test_items.py", line, says, Some("httpx/request"));
    let login = || {
        evidence(
            "tests/conftest.py",
            19,
            "POST /token in the fixture `auth`",
            Some("httpx/request"),
        )
    };
    let mut all = vec![
        request(
            0,
            "GET",
            "/health",
            Some(0),
            &[200],
            vec![
                client(),
                evidence(
                    "tests/test_health.py",
                    6,
                    "GET /health",
                    Some("httpx/request"),
                ),
            ],
        ),
        request(1, "POST", "/token", Some(6), &[], vec![login()]),
        request(
            1,
            "GET",
            "/items",
            Some(1),
            &[200],
            vec![client(), get(13, "GET /items")],
        ),
        request(2, "POST", "/token", Some(6), &[], vec![login()]),
        request(
            2,
            "GET",
            "/items/{}",
            Some(2),
            &[404],
            vec![client(), get(20, "GET f\"{base}/{missing}\"")],
        ),
        request(
            3,
            "GET",
            "/items",
            Some(1),
            &[],
            vec![client(), get(28, "GET /items")],
        ),
        request(
            3,
            "GET",
            "/items/{}",
            Some(2),
            &[200, 404],
            vec![client(), get(29, "GET a URL of two candidates")],
        ),
        call(
            4,
            "shop/services/mail.py",
            22,
            "MailService.send",
            evidence("tests/test_mail.py", 11, "calls it", None),
        ),
        request(
            5,
            "GET",
            "/ping",
            Some(11),
            &[200],
            vec![evidence(
                "tests/test_middleware.py",
                15,
                "GET /ping",
                Some("httpx/request"),
            )],
        ),
        call(
            6,
            "shop/services/orders.py",
            44,
            "OrderService.cancel",
            evidence("tests/test_orders.py", 33, "calls it", None),
        ),
        request(
            7,
            "POST",
            "/orders",
            Some(3),
            &[201],
            vec![
                client(),
                evidence(
                    "tests/test_orders.py",
                    18,
                    "POST /orders",
                    Some("httpx/request"),
                ),
            ],
        ),
        call(
            8,
            "shop/api/orders.py",
            18,
            "place_order",
            evidence(
                "tests/test_orders.py",
                25,
                "calls the handler of POST /orders",
                None,
            ),
        ),
        request(
            10,
            "GET",
            "/archive/{}",
            None,
            &[200],
            vec![
                client(),
                evidence(
                    "tests/test_reports.py",
                    10,
                    "GET /archive/{}",
                    Some("httpx/request"),
                ),
            ],
        ),
    ];
    all[1].phase = Phase::Setup;
    all[3].phase = Phase::Setup;
    all[5].asserts = false;
    all[6].confidence = Confidence::Likely;
    all[10].doubles = vec![0, 1];
    all
}

fn branch(
    file: &str,
    line: u32,
    status: u16,
    exception: &str,
    routes: &[usize],
    tests: &[usize],
) -> ErrorBranch {
    ErrorBranch {
        id: format!("{status}:{exception}@{file}"),
        place: place(file, line),
        kind: BranchKind::Raise,
        status: Some(status),
        exception: Some(exception.to_owned()),
        is_unhandled: false,
        routes: routes.to_vec(),
        exercised_by: tests.to_vec(),
        confidence: Confidence::Certain,
    }
}

fn error_branches() -> Vec<ErrorBranch> {
    let mut branches = vec![
        branch("shop/api/auth.py", 15, 401, "HTTPException", &[6], &[]),
        branch(
            "shop/api/events.py",
            19,
            1008,
            "WebSocketException",
            &[8],
            &[],
        ),
        branch("shop/api/items.py", 24, 404, "HTTPException", &[2], &[2, 3]),
        branch(
            "shop/api/orders.py",
            18,
            422,
            "RequestValidationError",
            &[3],
            &[],
        ),
        branch("shop/api/orders.py", 40, 409, "OrderClosed", &[4, 5], &[]),
        branch("shop/services/orders.py", 61, 500, "ValueError", &[5], &[]),
    ];
    branches[1].kind = BranchKind::Close;
    branches[3].kind = BranchKind::Validation;
    branches[4].kind = BranchKind::Response;
    branches[4].exception = None;
    branches[5].status = None;
    branches[2].confidence = Confidence::Likely;
    branches
}

fn gap(
    kind: &str,
    what: &str,
    priority: Priority,
    title: &str,
    at: Evidence,
    fix: &str,
    route: Option<usize>,
) -> Gap {
    Gap {
        id: format!("{kind}:{what}"),
        kind: kind.to_owned(),
        priority,
        confidence: Confidence::Certain,
        title: title.to_owned(),
        evidence: vec![at],
        fix: fix.to_owned(),
        route,
        status: None,
        about: None,
        waiver: None,
    }
}

fn gaps() -> Vec<Gap> {
    let mut gaps = vec![
        gap(
            "implementation-only-route",
            "DELETE:/orders/{order_id}",
            Priority::P0,
            "DELETE /orders/{order_id} is only tested by calling its service",
            evidence("shop/api/orders.py", 36, "the handler", None),
            "Send the request with a client, and assert its status and body.",
            Some(4),
        ),
        gap(
            "untested-route",
            "POST:/orders/{order_id}/refund",
            Priority::P0,
            "POST /orders/{order_id}/refund is reached by no test",
            evidence("shop/api/orders.py", 52, "the handler", None),
            "Add a test that sends POST /orders/{order_id}/refund.",
            Some(5),
        ),
        gap(
            "untested-websocket",
            "/orders/{order_id}/events",
            Priority::P0,
            "WS /orders/{order_id}/events is connected to by no test",
            evidence("shop/api/events.py", 16, "the handler", None),
            "Connect to it with `client.websocket_connect`.",
            Some(8),
        ),
        gap(
            "call-without-route",
            "GET:/archive/{}",
            Priority::P0,
            "tests call GET /archive/{}, which no route serves",
            evidence(
                "tests/test_reports.py",
                10,
                "GET /archive/{}",
                Some("httpx/request"),
            ),
            "Correct the path, or include the router.",
            None,
        ),
        gap(
            "doubled-route",
            "POST:/orders",
            Priority::P1,
            "POST /orders is only tested with its mail and its database replaced",
            evidence(
                "tests/test_orders.py",
                17,
                "patches shop.services.mail.MailService",
                Some("unittest/patch"),
            ),
            "Run one test of it against the real ones.",
            Some(3),
        ),
        gap(
            "untested-error",
            "POST:/token:401",
            Priority::P0,
            "no test asserts the 401 of POST /token",
            evidence(
                "shop/api/auth.py",
                15,
                "raises HTTPException(401)",
                Some("fastapi/http-exception"),
            ),
            "Send wrong credentials, and assert 401.",
            Some(6),
        ),
        gap(
            "lifespan-not-run",
            "shop.main:app",
            Priority::P1,
            "the fixture `client` never runs the lifespan",
            evidence(
                "tests/conftest.py",
                11,
                "TestClient(app) outside of `with`",
                Some("fastapi/test-client"),
            ),
            "Use it as a context manager.",
            None,
        ),
        gap(
            "shadowed-route",
            "GET:/items/new",
            Priority::P2,
            "GET /items/new is never reached: GET /items/{item_id} takes its requests",
            evidence("shop/api/items.py", 40, "registered later", None),
            "Register it before the other.",
            Some(9),
        ),
    ];
    for gap in gaps.iter_mut().filter(|gap| gap.kind == "untested-error") {
        gap.status = Some(401);
    }
    gaps[1].evidence.push(evidence(
        "shop/main.py",
        33,
        "registered in the app that production serves",
        Some("fastapi/include-router"),
    ));
    gaps
}

fn unknown(reason: &'static str, file: &str, line: u32, says: &str) -> Unknown {
    Unknown {
        reason,
        place: place(file, line),
        says: says.to_owned(),
    }
}

fn gate(id: &str, stage: &str, passed: bool, says: &str) -> Gate {
    Gate {
        id: id.to_owned(),
        stage: stage.to_owned(),
        passed,
        says: says.to_owned(),
    }
}

/// The shop.
pub fn shop() -> Audit {
    let mut audit = Audit {
        project: Project {
            name: "shop".to_owned(),
            revision: Some("1a2b3c4d5e6f".to_owned()),
            files: 24,
            lines: 1480,
            tests: 11,
            apps: vec![("shop.main:app".to_owned(), Some(place("Dockerfile", 12)))],
            suites: vec!["tests".to_owned()],
            link: None,
        },
        bars: bars(),
        totals: Totals {
            implementation: Some(70.0),
            behavior: Some(17.5),
            overall: Some(30.6),
            formula: "0.25 × Implementation + 0.75 × Production Behavior".to_owned(),
        },
        touch: Touch {
            interface: 6,
            doubled: 1,
            direct: 2,
            none: 1,
        },
        routes: routes(),
        tests: tests(),
        exercises: exercises(),
        error_branches: error_branches(),
        doubles: vec![
            Double {
                id: "shop.db.get_session@tests/conftest.py".to_owned(),
                place: place("tests/conftest.py", 14),
                replaces: "shop.db.get_session".to_owned(),
                how: "fastapi/dependency-override".to_owned(),
            },
            Double {
                id: "shop.services.mail.MailService@tests/test_orders.py".to_owned(),
                place: place("tests/test_orders.py", 17),
                replaces: "shop.services.mail.MailService".to_owned(),
                how: "unittest/patch".to_owned(),
            },
        ],
        clients: vec![Client {
            fixture: "client".to_owned(),
            file: "tests/conftest.py".to_owned(),
            is_awaited: false,
            has_websockets: true,
            base: "http://testserver".to_owned(),
            marks: vec![],
            tests: vec![0, 1, 2, 3, 7],
        }],
        settings: vec![
            Setting {
                name: "DATABASE_URL".to_owned(),
                place: place("shop/settings.py", 9),
                need: Need::Required,
                provided: vec![
                    SettingIn {
                        environment: Environment::Production,
                        place: place("config/production.env", 1),
                        is_in_env_file: true,
                        value: Some("db.internal".to_owned()),
                    },
                    SettingIn {
                        environment: Environment::Test,
                        place: place("tests/conftest.py", 25),
                        is_in_env_file: false,
                        value: Some("localhost".to_owned()),
                    },
                ],
            },
            Setting {
                name: "MAIL_HOST".to_owned(),
                place: place("shop/settings.py", 10),
                need: Need::WithoutDefault,
                provided: vec![],
            },
        ],
        infrastructure: vec![Infrastructure {
            name: "mail server".to_owned(),
            place: Some(place("shop/services/mail.py", 7)),
            covered: false,
            real: vec![],
            replaced: vec![Replaced {
                place: place("tests/test_orders.py", 17),
                how: "replaces shop.services.mail.MailService".to_owned(),
                rule: Some("unittest/patch".to_owned()),
                tests: vec![3],
            }],
            skipped: vec![4],
        }],
        contexts: vec![Context {
            name: "SessionContext".to_owned(),
            place: place("web/session.tsx", 4),
            covered: false,
            pages: vec!["/".to_owned()],
            mounted_by: vec![("Root".to_owned(), place("web/app.tsx", 9))],
            hooks: vec![("useSession".to_owned(), place("web/session.tsx", 12))],
            consumers: vec![("Basket".to_owned(), place("web/basket.tsx", 21))],
        }],
        given: vec![Given {
            keyword: "headers".to_owned(),
            value: "admin.token".to_owned(),
            fixture: "admin".to_owned(),
            tests: vec![7],
        }],
        skips: vec![Skip {
            says: "when MAIL_HOST is not set".to_owned(),
            tests: vec![4],
            evidence: vec![evidence(
                "tests/test_mail.py",
                8,
                "skipif(not os.getenv(\"MAIL_HOST\"))",
                Some("pytest/skipif"),
            )],
        }],
        gaps: gaps(),
        unknowns: vec![
            unknown(
                "unresolved-import",
                "shop/api/reports.py",
                3,
                "`reporting` is not in the project",
            ),
            unknown(
                "url-unknown",
                "tests/test_reports.py",
                22,
                "the URL comes from a file",
            ),
            unknown(
                "url-unknown",
                "tests/test_reports.py",
                30,
                "the URL comes from a file",
            ),
        ],
        gates: vec![
            gate(
                "http",
                "deployment",
                false,
                "all HTTP endpoints tested: 3 of 8",
            ),
            gate(
                "websocket",
                "deployment",
                false,
                "all WebSocket endpoints tested: 0 of 1",
            ),
            gate(
                "collectable",
                "deployment",
                true,
                "all tests can be collected",
            ),
            gate("errors", "release", false, "error handling tested: 1 of 6"),
        ],
        left_out: vec![
            LeftOut {
                path: "examples".to_owned(),
                why: "examples: production does not import them".to_owned(),
            },
            LeftOut {
                path: "tests_old_archive".to_owned(),
                why: "an archive".to_owned(),
            },
        ],
        source: [(
            "shop/api/items.py".to_owned(),
            [
                (20, "@router.get(\"/{item_id}\")".to_owned()),
                (21, "def read_item(item_id: int):".to_owned()),
                (24, "        raise HTTPException(404)".to_owned()),
            ]
            .into(),
        )]
        .into(),
    };
    connect(&mut audit);
    audit
}

/// Fills the indices that point back.
fn connect(audit: &mut Audit) {
    for (index, exercise) in audit.exercises.iter().enumerate() {
        audit.tests[exercise.test].exercises.push(index);
        if let Some(route) = exercise.route {
            audit.routes[route].exercises.push(index);
        }
    }
    // Direct calls of a handler or its service are stories of the route, too.
    audit.routes[3].exercises.push(11);
    audit.routes[4].exercises.push(9);
    for (index, branch) in audit.error_branches.iter().enumerate() {
        for &route in &branch.routes {
            audit.routes[route].error_branches.push(index);
        }
    }
}

/// What the names of [`hostile`] hold.
pub const HOSTILE: &str = "<script>alert(1)</script>\"'`--><img src=x onerror=alert(1)>&lt;{{ 7*7 }}\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m\u{202e}gnp\u{2066}\r\n\u{0}</style></title>";

/// The shop, every text of which begins with [`HOSTILE`] or is 5,000 characters long.
pub fn hostile() -> Audit {
    let mut audit = shop();
    let long = "漢x".repeat(2500);
    let spoil = |text: &mut String| *text = format!("{HOSTILE}{text}");
    let spoil_chain = |chain: &mut [Evidence]| {
        for link in chain {
            spoil(&mut link.says);
            spoil(&mut link.place.file);
            if let Some(rule) = &mut link.rule {
                spoil(rule);
            }
        }
    };
    spoil(&mut audit.project.name);
    audit.project.revision = Some(HOSTILE.to_owned());
    audit.project.suites = vec![HOSTILE.to_owned(), long.clone()];
    for (app, place) in &mut audit.project.apps {
        spoil(app);
        *place = Some(self::place(HOSTILE, 1));
    }
    for bar in &mut audit.bars {
        spoil(&mut bar.why);
        for item in &mut bar.items {
            spoil(&mut item.name);
            item.place = Some(place(HOSTILE, 1));
            spoil_chain(&mut item.evidence);
        }
    }
    for one in &mut audit.infrastructure {
        spoil(&mut one.name);
        one.place = Some(place(HOSTILE, 1));
        for replaced in &mut one.replaced {
            spoil(&mut replaced.how);
            spoil(&mut replaced.place.file);
            replaced.rule = Some(HOSTILE.to_owned());
        }
    }
    for context in &mut audit.contexts {
        spoil(&mut context.name);
        spoil(&mut context.place.file);
        context.pages.push(HOSTILE.to_owned());
        for (name, place) in (context.mounted_by.iter_mut())
            .chain(&mut context.hooks)
            .chain(&mut context.consumers)
        {
            spoil(name);
            spoil(&mut place.file);
        }
    }
    for setting in &mut audit.settings {
        spoil(&mut setting.name);
        spoil(&mut setting.place.file);
        for one in &mut setting.provided {
            spoil(&mut one.place.file);
            one.value = Some(HOSTILE.to_owned());
        }
    }
    spoil(&mut audit.totals.formula);
    for route in &mut audit.routes {
        for text in [
            &mut route.id,
            &mut route.method,
            &mut route.path,
            &mut route.app,
            &mut route.handler.name,
        ] {
            spoil(text);
        }
        route.handler.file = Some(HOSTILE.to_owned());
        route.remarks.push(HOSTILE.to_owned());
        for place in &mut route.registered_by {
            spoil(&mut place.file);
        }
    }
    audit.routes[0].path = long.clone();
    for test in &mut audit.tests {
        spoil(&mut test.id);
        spoil(&mut test.place.file);
        test.skip = Some(HOSTILE.to_owned());
    }
    audit.tests[0].id = long.clone();
    for exercise in &mut audit.exercises {
        spoil(&mut exercise.method);
        spoil(&mut exercise.url);
        if let Some(target) = exercise.target.as_mut().map(Arc::make_mut) {
            spoil(&mut target.name);
            target.file = Some(HOSTILE.to_owned());
        }
        spoil_chain(Arc::make_mut(&mut exercise.evidence));
    }
    for branch in &mut audit.error_branches {
        spoil(&mut branch.id);
        spoil(&mut branch.place.file);
        branch.exception = Some(HOSTILE.to_owned());
    }
    for double in &mut audit.doubles {
        for text in [
            &mut double.id,
            &mut double.replaces,
            &mut double.how,
            &mut double.place.file,
        ] {
            spoil(text);
        }
    }
    for skip in &mut audit.skips {
        spoil(&mut skip.says);
        spoil_chain(&mut skip.evidence);
    }
    for gap in &mut audit.gaps {
        for text in [&mut gap.id, &mut gap.kind, &mut gap.title, &mut gap.fix] {
            spoil(text);
        }
        spoil_chain(&mut gap.evidence);
    }
    audit.gaps[0].title = long;
    for unknown in &mut audit.unknowns {
        spoil(&mut unknown.says);
        spoil(&mut unknown.place.file);
    }
    for gate in &mut audit.gates {
        for text in [&mut gate.id, &mut gate.stage, &mut gate.says] {
            spoil(text);
        }
    }
    for lines in audit.source.values_mut() {
        lines.values_mut().for_each(spoil);
    }
    audit.source = std::mem::take(&mut audit.source)
        .into_iter()
        .map(|(file, lines)| (format!("{HOSTILE}{file}"), lines))
        .collect();
    for left_out in &mut audit.left_out {
        spoil(&mut left_out.path);
        spoil(&mut left_out.why);
    }
    audit
}
