//! The files of `rules/` in the binary. A test holds this list against the folder.
//!
//! `import httpx` in an analyzed project finds the text of `rules/models/httpx.py` here.

use crate::rules::load::ScriptModel;
use crate::source::{RuleFile, RuleKind, module_name};

macro_rules! models {
    ($($file:literal),* $(,)?) => {
        /// Models by file name.
        pub const MODELS: &[(&str, &str)] = &[$(($file, include_str!(concat!("../../rules/models/", $file)))),*];
    };
}

models![
    "_absent.py",
    "_alike.py",
    "_data_files.py",
    "_pytest_fixtures.py",
    "_resolved.py",
    "abc.py",
    "aiohttp.py",
    "anyio.from_thread.py",
    "anyio.py",
    "anyio.to_thread.py",
    "asgi_lifespan.py",
    "asgiref.sync.py",
    "async_asgi_testclient.py",
    "asyncio.py",
    "attr.py",
    "attrs.py",
    "base64.py",
    "binascii.py",
    "builtins.py",
    "classy_fastapi.py",
    "collections.abc.py",
    "collections.py",
    "concurrent.futures.py",
    "contextlib.py",
    "contextvars.py",
    "copy.py",
    "dataclasses.py",
    "datetime.py",
    "decimal.py",
    "dependency_injector.containers.py",
    "dependency_injector.providers.py",
    "dependency_injector.wiring.py",
    "dishka.integrations.fastapi.py",
    "dishka.py",
    "dotenv.py",
    "enum.py",
    "fastapi.applications.py",
    "fastapi.concurrency.py",
    "fastapi.datastructures.py",
    "fastapi.encoders.py",
    "fastapi.exception_handlers.py",
    "fastapi.exceptions.py",
    "fastapi.middleware.cors.py",
    "fastapi.middleware.gzip.py",
    "fastapi.middleware.httpsredirect.py",
    "fastapi.middleware.py",
    "fastapi.middleware.trustedhost.py",
    "fastapi.param_functions.py",
    "fastapi.params.py",
    "fastapi.py",
    "fastapi.requests.py",
    "fastapi.responses.py",
    "fastapi.routing.py",
    "fastapi.security.py",
    "fastapi.status.py",
    "fastapi.templating.py",
    "fastapi.testclient.py",
    "fastapi.websockets.py",
    "fastapi_mcp.py",
    "fastapi_offline.py",
    "fastapi_restful.cbv.py",
    "fastapi_restful.inferring_router.py",
    "fastapi_restful.py",
    "fastapi_users.authentication.py",
    "fastapi_users.py",
    "fastapi_utils.cbv.py",
    "fastapi_utils.inferring_router.py",
    "fastapi_utils.py",
    "fastapi_versioning.py",
    "functools.py",
    "glob.py",
    "hmac.py",
    "http.py",
    "httpx._transports.asgi.py",
    "httpx.py",
    "httpx2.py",
    "httpx_sse.py",
    "httpx_ws.py",
    "httpx_ws.transport.py",
    "hypercorn.asyncio.py",
    "importlib.machinery.py",
    "importlib.metadata.py",
    "importlib.py",
    "importlib.util.py",
    "importlib_metadata.py",
    "inspect.py",
    "io.py",
    "itertools.py",
    "jose.exceptions.py",
    "jose.jwt.py",
    "jose.py",
    "json.py",
    "jwt.exceptions.py",
    "jwt.py",
    "lagom.py",
    "math.py",
    "mock.py",
    "multiprocessing.py",
    "operator.py",
    "os.path.py",
    "os.py",
    "parameterized.py",
    "pathlib.py",
    "pkg_resources.py",
    "pkgutil.py",
    "playwright.async_api.py",
    "playwright.py",
    "playwright.sync_api.py",
    "pluggy.py",
    "posixpath.py",
    "prometheus_fastapi_instrumentator.py",
    "punq.py",
    "pydantic.generics.py",
    "pydantic.py",
    "pydantic.v1.py",
    "pydantic_settings.py",
    "pytest.py",
    "pytest_asyncio.py",
    "pytest_benchmark.py",
    "pytest_httpx.py",
    "pytest_lazy_fixtures.py",
    "pytest_lazyfixture.py",
    "pytest_mock.py",
    "pytest_playwright.py",
    "queue.py",
    "random.py",
    "re.py",
    "requests.exceptions.py",
    "requests.py",
    "requests_mock.py",
    "responses.py",
    "respx.py",
    "secrets.py",
    "sqladmin.py",
    "sqlalchemy.orm.py",
    "sqlalchemy.py",
    "sqlmodel.py",
    "starlette.applications.py",
    "starlette.authentication.py",
    "starlette.concurrency.py",
    "starlette.config.py",
    "starlette.datastructures.py",
    "starlette.endpoints.py",
    "starlette.exceptions.py",
    "starlette.middleware.authentication.py",
    "starlette.middleware.base.py",
    "starlette.middleware.cors.py",
    "starlette.middleware.errors.py",
    "starlette.middleware.exceptions.py",
    "starlette.middleware.gzip.py",
    "starlette.middleware.httpsredirect.py",
    "starlette.middleware.py",
    "starlette.middleware.sessions.py",
    "starlette.middleware.trustedhost.py",
    "starlette.py",
    "starlette.requests.py",
    "starlette.responses.py",
    "starlette.routing.py",
    "starlette.status.py",
    "starlette.templating.py",
    "starlette.testclient.py",
    "starlette.websockets.py",
    "starlette_admin.contrib.sqla.py",
    "starlette_admin.contrib.sqlmodel.py",
    "starlette_admin.py",
    "strawberry.fastapi.py",
    "string.py",
    "sys.py",
    "tenacity.py",
    "textwrap.py",
    "threading.py",
    "tomli.py",
    "tomllib.py",
    "traitlets.config.py",
    "traitlets.py",
    "trio.py",
    "trio.to_thread.py",
    "types.py",
    "typing.py",
    "typing_extensions.py",
    "unittest.mock.py",
    "unittest.py",
    "urllib.parse.py",
    "uuid.py",
    "uvicorn.importer.py",
    "uvicorn.middleware.proxy_headers.py",
    "uvicorn.py",
    "weakref.py",
    "websocket.py",
    "websockets.asyncio.client.py",
    "websockets.client.py",
    "websockets.legacy.client.py",
    "websockets.py",
    "websockets.sync.client.py",
    "yaml.py",
    "yarl.py",
];

macro_rules! scripts {
    ($($file:literal),* $(,)?) => {
        /// Models of libraries of frontends by file name.
        pub const SCRIPTS: &[(&str, &str)] = &[$(($file, include_str!(concat!("../../rules/scripts/", $file)))),*];
    };
}

scripts![
    "@hey-api+client-fetch.js",
    "@microsoft+fetch-event-source.js",
    "@nuxtjs+composition-api.js",
    "@playwright+test.js",
    "@reduxjs+toolkit+query+react.js",
    "@tanstack+react-query.js",
    "@testing-library+react.js",
    "_globals.js",
    "axios.js",
    "ky.js",
    "openapi-fetch.js",
    "openapi-typescript-codegen+request.js",
    "react.js",
    "react-dom+client.js",
    "reconnecting-websocket.js",
    "swr.js",
    "vitest.js",
    "wretch.js",
];

/// What is known of frontends beside.
pub const FRONTEND: &str = include_str!("../../rules/frontend.toml");

macro_rules! pages {
    ($($file:literal),* $(,)?) => {
        /// Pages of gap kinds by file name.
        pub const PAGES: &[(&str, &str)] = &[$(($file, include_str!(concat!("../../rules/gaps/", $file)))),*];
    };
}

pages![
    "absent-test-path.md",
    "accepts-anything.md",
    "blocking-call.md",
    "call-without-route.md",
    "degraded-answer.md",
    "doubled-infrastructure.md",
    "doubled-route.md",
    "implementation-only-route.md",
    "impossible-status.md",
    "lifespan-not-run.md",
    "missing-provider.md",
    "missing-setting.md",
    "partial-initialization.md",
    "route-behind-catch-all.md",
    "route-behind-gateway.md",
    "route-not-included.md",
    "setting-differs.md",
    "shadowed-route.md",
    "skip-hides-failure.md",
    "skip-hides-infrastructure.md",
    "swallowed-assert.md",
    "test-asserts-nothing.md",
    "uncollectable-tests.md",
    "unhandled-exception.md",
    "unreachable-service.md",
    "unregistered-service.md",
    "untested-error.md",
    "untested-route.md",
    "untested-websocket.md",
    "websocket-without-route.md",
];

const NAMES: &[(&str, &str)] = &[
    ("names.toml", include_str!("../../rules/names.toml")),
    ("plugins.toml", include_str!("../../rules/plugins.toml")),
    ("evidence.toml", include_str!("../../rules/evidence.toml")),
    ("gates.toml", include_str!("../../rules/gates.toml")),
    ("forges.toml", include_str!("../../rules/forges.toml")),
    ("settings.toml", include_str!("../../rules/settings.toml")),
    ("skips.toml", include_str!("../../rules/skips.toml")),
    ("blocking.toml", include_str!("../../rules/blocking.toml")),
    ("startup.toml", include_str!("../../rules/startup.toml")),
    (
        "infrastructure.toml",
        include_str!("../../rules/infrastructure.toml"),
    ),
];

/// The embedded rules, as files that a project's own could be.
pub fn files() -> impl Iterator<Item = RuleFile> {
    let models = MODELS.iter().map(|(file, text)| RuleFile {
        path: format!("rules/models/{file}"),
        name: module_name(file),
        kind: RuleKind::Model,
        text: (*text).to_owned(),
    });
    let names = NAMES.iter().map(|(file, text)| RuleFile {
        path: format!("rules/{file}"),
        name: module_name(file),
        kind: RuleKind::Names,
        text: (*text).to_owned(),
    });
    models.chain(names)
}

/// The models of libraries of frontends: `@scope+name.js` is the model of `@scope/name`. A file's first line may name others.
pub fn script_models() -> Vec<ScriptModel> {
    let mut models = Vec::new();
    for (file, text) in SCRIPTS {
        let stem = file.strip_suffix(".js").unwrap_or(file);
        let mut names = vec![stem.replace('+', "/")];
        if let Some(also) = text
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("// also: "))
        {
            names.extend(also.split(", ").map(str::to_string));
        }
        models.extend(names.into_iter().map(|name| ScriptModel {
            name,
            text: (*text).to_string(),
        }));
    }
    models
}

#[cfg(test)]
mod tests {
    use super::{MODELS, PAGES, SCRIPTS};

    fn assert_holds(folder: &str, embedded: &[(&str, &str)]) {
        let folder = format!("{}/rules/{folder}", env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let mut known: Vec<&str> = embedded.iter().map(|(file, _)| *file).collect();
        known.sort_unstable();
        assert_eq!(files, known);
    }

    #[test]
    fn every_file_is_embedded() {
        assert_holds("models", MODELS);
        assert_holds("scripts", SCRIPTS);
        assert_holds("gaps", PAGES);
    }
}
