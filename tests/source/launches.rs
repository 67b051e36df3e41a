//! What is started, in all the places that say so.

use covgap::config::Config;
use covgap::source::{LaunchTarget, Sources};

use crate::trees::{found, found_with, owned, tree};

/// Each launch as `file:line purpose target → file`.
fn said(sources: &Sources) -> Vec<String> {
    let launches = sources.launches.iter();
    launches
        .map(|launch| {
            let target = match &launch.target {
                LaunchTarget::App { module, attribute } => format!("{module}:{attribute}"),
                LaunchTarget::File { path, attribute } => match attribute {
                    Some(attribute) => format!("{path}:{attribute}"),
                    None => path.clone(),
                },
                LaunchTarget::Module(module) => format!("-m {module}"),
                LaunchTarget::Function {
                    module,
                    attribute,
                    command,
                } => {
                    format!("{command}={module}:{attribute}")
                }
            };
            let factory = if launch.is_factory { "()" } else { "" };
            let file = launch.module.map_or("-", |id| sources.path(id));
            format!(
                "{}:{} {:?} {target}{factory} → {file}",
                launch.file, launch.line, launch.purpose
            )
        })
        .collect()
}

#[test]
fn containers() {
    let cases: [(&str, &str); 9] = [
        (
            "WORKDIR /code\nCOPY . .\nCMD [\"uvicorn\", \"app.main:app\", \"--port\", \"80\"]",
            "4 Production app.main:app → app/main.py",
        ),
        (
            "CMD poetry run migrate && \\\n  exec gunicorn -k a.b.Worker app.main:app -b :80",
            "2 Production app.main:app → app/main.py",
        ),
        (
            "WORKDIR /code\nCOPY ./app /code\nCMD uvicorn main:app",
            "4 Production main:app → app/main.py",
        ),
        (
            "COPY app /srv/app\nCMD python /srv/app/main.py",
            "3 Production /srv/app/main.py → app/main.py",
        ),
        (
            "ENV MODULE=app.main\nCMD gunicorn ${MODULE}:${NAME:-app}",
            "3 Production app.main:app → app/main.py",
        ),
        (
            "CMD [\"python\", \"-m\", \"uvicorn\", \"app.main:make\", \"--factory\"]",
            "2 Production app.main:make() → app/main.py",
        ),
        (
            "CMD [\"sh\", \"-c\", \"cd app && uvicorn main:app --reload\"]",
            "2 Development main:app → app/main.py",
        ),
        (
            "ENTRYPOINT [\"shop\"]\nCMD [\"serve\", \"app.main:app\"]",
            "3 Production app.main:app → app/main.py",
        ),
        (
            "CMD [\"fastapi\", \"run\", \"app/main.py\", \"--port\", \"80\"]",
            "2 Production app/main.py → app/main.py",
        ),
    ];
    for (lines, expected) in cases {
        let dir = tree(&[
            ("app/main.py", ""),
            ("Dockerfile", &format!("FROM x\n{lines}\n")),
        ]);
        assert_eq!(
            said(&found(&dir)),
            [format!("Dockerfile:{expected}")],
            "{lines}"
        );
    }
}

#[test]
fn the_context_of_a_container() {
    let dir = tree(&[
        ("backend/app/main.py", ""),
        (
            "docker/Dockerfile",
            "FROM x\nWORKDIR /code\nCOPY backend/app /code/app\nCMD uvicorn app.main:app\n",
        ),
        (
            "compose.yml",
            "services:\n  api:\n    build: {context: ., dockerfile: docker/Dockerfile}\n",
        ),
    ]);
    assert_eq!(
        said(&found(&dir)),
        ["docker/Dockerfile:4 Production app.main:app → backend/app/main.py"]
    );
}

#[test]
fn compose_files() {
    let dir = tree(&[
        (
            "api/Dockerfile",
            "FROM x AS base\nWORKDIR /code\nCOPY . /code\nENTRYPOINT [\"tini\", \"--\"]\n",
        ),
        ("api/main.py", ""),
        ("web/main.py", ""),
        (
            "docker-compose.dev.yml",
            "services:\n  api:\n    build: ./api\n    command: uvicorn main:app --reload\n  web:\n    image: x\n    working_dir: /srv\n    volumes: [\"./web:/srv\"]\n    command:\n      - hypercorn\n      - main:app\n",
        ),
        (
            "compose.yml",
            "x-api: &api\n  build: api\n  command: [\"granian\", \"--factory\", \"main:make\"]\nservices:\n  api:\n    <<: *api\n",
        ),
    ]);
    assert_eq!(
        said(&found(&dir)),
        [
            "compose.yml:3 Production main:make() → api/main.py",
            "docker-compose.dev.yml:4 Development main:app → api/main.py",
            "docker-compose.dev.yml:10 Development main:app → web/main.py",
        ]
    );
}

#[test]
fn project_files() {
    let dir = tree(&[
        ("backend/app/main.py", ""),
        ("backend/shop/cli.py", ""),
        (
            "backend/pyproject.toml",
            "[project.scripts]\nshop = \"shop.cli:run [all]\"\n[tool.fastapi]\nentrypoint = \"app.main:app\"\n[tool.tasks]\ndev = \"uvicorn app.main:app --reload\"\ninstall = \"pip install uvicorn\"\n",
        ),
        (
            "backend/Dockerfile",
            "FROM x\nCMD [\"fastapi\", \"run\", \"--workers\", \"4\"]\n",
        ),
        (
            "backend/supervisord.conf",
            "[program:api]\ncommand = shop serve\n",
        ),
    ]);
    assert_eq!(
        said(&found(&dir)),
        [
            "backend/Dockerfile:2 Production app.main:app → backend/app/main.py",
            "backend/pyproject.toml:2 Production shop=shop.cli:run → backend/shop/cli.py",
            "backend/pyproject.toml:4 Production app.main:app → backend/app/main.py",
            "backend/pyproject.toml:6 Development app.main:app → backend/app/main.py",
            "backend/supervisord.conf:2 Production shop=shop.cli:run → backend/shop/cli.py",
        ]
    );
}

#[test]
fn scripts_and_manifests() {
    let dir = tree(&[
        ("app/main.py", ""),
        ("tools/seed.py", ""),
        ("Procfile", "# web\nweb: daphne -p 80 app.main:app\n"),
        (
            "deploy/start.sh",
            "#!/bin/sh\n# uvicorn commented:app\necho \"uvicorn printed:app\"\npip install uvicorn\nif true; then\n  exec uvicorn --app-dir .. app.main:app\nfi\n",
        ),
        (
            "deploy/api.service",
            "[Service]\nWorkingDirectory=/srv\nExecStart=/srv/.venv/bin/uvicorn app.main:app\n",
        ),
        (
            "k8s/api.yaml",
            "spec:\n  containers:\n    - command: [uvicorn]\n      args: [\"app.main:app\"]\n",
        ),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  e2e:\n    steps:\n      - run: |\n          pip install x\n          uvicorn app.main:app &\n",
        ),
        (
            "Makefile",
            "run: ## uvicorn\n\t@uvicorn app.main:app \\\n\t  --reload\nseed:\n\tpython tools/seed.py\n",
        ),
        ("bin/start", "#!/bin/bash\nfastapi dev\n"),
    ]);
    assert_eq!(
        said(&found(&dir)),
        [
            ".github/workflows/ci.yml:6 Test app.main:app → app/main.py",
            "Makefile:2 Development app.main:app → app/main.py",
            "Makefile:5 Development tools/seed.py → tools/seed.py",
            "Procfile:2 Production app.main:app → app/main.py",
            "bin/start:2 Development app/main.py → app/main.py",
            "deploy/api.service:3 Production app.main:app → app/main.py",
            "deploy/start.sh:6 Production app.main:app → app/main.py",
            "k8s/api.yaml:3 Production app.main:app → app/main.py",
        ]
    );
}

#[test]
fn what_is_configured_and_what_is_not_here() {
    let dir = tree(&[
        ("app/main.py", ""),
        (
            "Dockerfile",
            "FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\nCOPY ./app /app/app\n",
        ),
        (
            "other/Dockerfile",
            "FROM x\nCMD uvicorn elsewhere.main:app\n",
        ),
        (
            "more/Dockerfile",
            "FROM x\nCMD [\"python\", \"/opt/not_here.py\"]\n",
        ),
        ("env/Dockerfile", "FROM x\nCMD uvicorn $APP:app\n"),
    ]);
    let config = Config {
        app: owned(&["app.main:make()", "app/main.py:app"]),
        ..Config::default()
    };
    assert_eq!(
        said(&found_with(&dir, &config).unwrap()),
        [
            ":1 Production app.main:make() → app/main.py",
            ":1 Production app/main.py:app → app/main.py",
            "Dockerfile:1 Production app.main:app → app/main.py",
            "other/Dockerfile:2 Production elsewhere.main:app → -",
        ]
    );
}
