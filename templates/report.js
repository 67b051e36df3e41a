"use strict";
// The page can be read without this. With it, the sections become views, the routes a table to work in, and every route,
// test and bar has a page of its own, drawn from the data when it is asked for. Texts go through textContent only.
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const store = {
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* a browser that keeps nothing */ } },
  };
  root.className = "scripted-page";

  // -- Elements ------------------------------------------------------------------------------------------------------
  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "on") for (const [event, act] of Object.entries(value)) element.addEventListener(event, act);
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
    }
    element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  };
  const code = (text, kind) => make("code", kind ? { class: kind } : {}, text);
  // Our own sentences have code between backticks.
  const spoken = (words) => words.split("`").map((part, at) => (at % 2 ? code(part) : part));
  const link = (hash, ...children) => make("a", { href: hash }, ...children);
  const plural = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

  // -- Data ----------------------------------------------------------------------------------------------------------
  const data = JSON.parse(byId("data").textContent);
  // Below -1: what a step says of a request that is a text of its own.
  const text = (at) => (at >= 0 ? data.texts[at] : at === -1 ? "" : `sends ${data.texts[-2 - at]}`);
  const CONTACTS = ["interface", "doubled", "setup", "direct", "never runs", "touches nothing"];
  const CONTACT_CLASS = ["behavior", "doubled", "setup", "implementation", "never", "nothing"];
  const CONFIDENCE = ["possible", "likely", "certain"];
  const TRANSPORT = ["", "in process", "over the network", "in a browser"];
  const PRIORITY = ["P0", "P1", "P2"];
  const PHASE = ["before the next deployment", "before the production release", "later"];
  const VERDICTS = ["behavior", "doubled", "setup", "implementation", "unknown", "untested"];
  const pairs = (flat) => Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at], flat[2 * at + 1]]);
  data.routes = data.routes.map(([id, method, path, flags, verdict, app, handler, file, line, registered, contacts, why, notes, branches, calls, owner, tags, dependencies]) =>
    ({ id, method, path, websocket: flags & 1, counted: flags & 2, verdict: VERDICTS[verdict], app, handler, file, line, chain: pairs(registered), contacts, why, notes, branches, calls, owner, tags, dependencies }));
  data.tests = data.tests.flatMap(([file, tests]) => tests.map((one) => [file, ...one]));
  const exercises = [];
  const ofRoute = data.routes.map(() => []);
  const ofTest = data.tests.map(() => []);
  data.tests = data.tests.map(([file, name, line, how, number, skip = -1], test) => {
    for (let left = number; left > 0; left -= 1) {
      const at = exercises.length;
      const [route, says, means, statuses, doubles, chain] = data.exercises[at];
      exercises.push({ test, route, says, contact: Math.floor(means / 12), confidence: Math.floor(means / 4) % 3, transport: means % 4, statuses: data.statuses[statuses], doubles: data.replaced[doubles], chain });
      ofTest[test].push(at);
      if (route >= 0) ofRoute[route].push(at);
    }
    return [file, name, line, how >> 1, how & 1, skip];
  });
  data.routes.forEach((route, at) => ofRoute[at].push(...route.calls));
  for (const list of ofRoute) list.sort((one, two) => exercises[one].contact - exercises[two].contact || one - two);
  const more = new Map(data.more);
  const gapsOf = data.routes.map(() => []);
  data.gaps.forEach((gap, at) => { if (gap[6] >= 0) gapsOf[gap[6]].push(at); });
  const gapId = (gap) => (text(gap[0]).startsWith("-") ? text(gap[1]) + text(gap[0]) : text(gap[0]));
  // The path of its route is a hole in the title.
  const gapTitle = (gap) => (gap[6] >= 0 ? text(gap[3]).replace("\ufffc", () => text(data.routes[gap[6]].path)) : text(gap[3]));
  let sourceOf = null;
  const sourceLine = (file, line) => {
    if (!sourceOf) sourceOf = new Map(data.source.map(([name, lines]) => [name, new Map(lines)]));
    return sourceOf.get(file)?.get(line);
  };
  const routeName = (route) => `${text(route.method)} ${text(route.path)}`;
  const routeId = (route) => (route.id >= 0 ? text(route.id)
    : `${route.websocket ? "WEBSOCKET" : text(route.method) || "ANY"} ${text(route.path)} ${text(route.file)}:${text(route.handler)}`);
  const routeHash = (at) => `#route=${encodeURIComponent(routeId(data.routes[at]))}`;
  const testId = (at) => { const [file, name] = data.tests[at]; return text(name) === text(file) ? text(file) : `${text(file)}::${text(name)}`; };
  const testHash = (at) => `#test=${encodeURIComponent(testId(at))}`;
  // In a narrow column: without the folders.
  const testLink = (at) => make("a", { href: testHash(at), title: testId(at) }, code(testId(at).replace(/^[^:]*\//, "")));

  // -- Pieces --------------------------------------------------------------------------------------------------------
  const SIGNS = { behavior: "●", doubled: "◐", setup: "◔", implementation: "◇", unknown: "?", untested: "○", never: "–", nothing: "–" };
  const chip = (kind, ...words) => make("span", { class: `chip ${kind}` }, ...words);
  const copyButton = (words, what = words) => make("button", {
    type: "button", class: "copy", title: `Copy ${what}`, "aria-label": `Copy ${what}`,
    on: { click: (event) => { event.preventDefault(); event.stopPropagation(); copy(words, event.currentTarget); } },
  }, "copy");
  const copy = (words, button) => {
    const done = () => { button.textContent = "copied"; setTimeout(() => { button.textContent = "copy"; }, 1200); };
    const byHand = () => {
      const field = make("textarea", { class: "spoken" });
      field.value = words;
      document.body.append(field);
      field.select();
      if (document.execCommand("copy")) done();
      field.remove();
    };
    if (navigator.clipboard) navigator.clipboard.writeText(words).then(done, byHand);
    else byHand();
  };
  const hostLink = (file, line) => data.link.replace("{path}", () => file.split("/").map(encodeURIComponent).join("/")).replace("{line}", String(line));
  // A long path may end its line after a slash.
  const breakable = (words) => words.split(/(?<=\/)/).map((part, at) => (at ? [make("wbr"), part] : part));
  const placeAt = (file, line) => {
    const words = `${file}:${line}`;
    const shown = code(breakable(words), "place");
    return make("span", { class: "at" }, data.link ? make("a", { href: hostLink(file, line), rel: "noreferrer" }, shown) : shown, " ", copyButton(words));
  };
  const place = (file, line) => {
    if (file < 0) return make("span", { class: "muted" }, "outside the project");
    return text(file) ? placeAt(text(file), line) : null;
  };
  const sourceBlock = (lines, marks) => make("pre", { class: "source", tabindex: 0, "aria-label": "source" },
    lines.map(([number, words]) => make("span", { class: marks.has(number) ? "line marked" : "line" }, make("i", {}, String(number)), words || " ", "\n")));
  const handlerLines = (route) => {
    const lines = [];
    if (route.file < 0) return lines;
    let first = route.line;
    for (const [file, line] of route.chain) if (file === route.file && line < first && first - line <= 12) first = line;
    for (let number = first; lines.length < 60; number += 1) {
      const words = sourceLine(route.file, number);
      if (words === undefined) break;
      lines.push([number, words]);
    }
    return lines;
  };
  const stepsOf = (at) => (at === -1 ? [] : at < -1 ? [-2 - at] : data.chains[at]).map((step) => data.steps[step]);
  const chain = (at) => {
    const steps = stepsOf(at);
    if (!steps.length) return null;
    return make("ol", { class: "evidence" }, steps.map(([file, line, says, rule]) => {
      const words = sourceLine(file, line);
      return make("li", {}, place(file, line), " ", text(says), rule >= 0 ? [" ", code(text(rule), "rule")] : null,
        words && words.trim() ? make("pre", { class: "quote" }, words.trim()) : null);
    }));
  };
  // Which handlers and tests begin at a place.
  let beginning = null;
  const beginningAt = (file, line) => {
    if (!beginning) {
      beginning = { routes: new Map(), tests: new Map() };
      const note = (map, key, at) => { if (map.has(key)) map.get(key).push(at); else map.set(key, [at]); };
      data.routes.forEach((route, at) => { if (route.counted) note(beginning.routes, `${route.file}:${route.line}`, at); });
      data.tests.forEach(([one, , number], at) => note(beginning.tests, `${one}:${number}`, at));
    }
    const key = `${file}:${line}`;
    return { routes: beginning.routes.get(key) || [], tests: beginning.tests.get(key) || [] };
  };
  const statusesOf = (exercise) => {
    if (exercise.contact === 3) return "";
    if (exercise.statuses.length) return `asserts ${exercise.statuses.join(", ")}`;
    return data.tests[exercise.test][4] ? "asserts no status" : "asserts nothing";
  };
  const exerciseItem = (at, from) => {
    const exercise = exercises[at];
    const doubles = exercise.doubles.map((double) => {
      const [replaces, file, line, how] = data.doubles[double];
      return make("li", {}, "double for ", code(text(replaces)), " ", place(file, line), " ", code(text(how), "rule"));
    });
    const title = from === "route"
      ? link(testHash(exercise.test), code(testId(exercise.test)))
      : exercise.route >= 0 ? link(routeHash(exercise.route), code(routeName(data.routes[exercise.route])))
        : code(text(exercise.says));
    const facts = [from === "route" || exercise.route >= 0 ? text(exercise.says) : null, statusesOf(exercise), TRANSPORT[exercise.transport], CONFIDENCE[exercise.confidence],
      from === "test" && exercise.route < 0 && exercise.contact !== 3 ? "no route serves it" : null].filter(Boolean);
    return make("li", {},
      make("p", {}, chip(CONTACT_CLASS[exercise.contact], CONTACTS[exercise.contact]), " ", title),
      make("p", { class: "says" }, facts.join(" · ")),
      doubles.length ? make("ul", { class: "says" }, doubles) : null,
      chain(exercise.chain));
  };
  // Long lists grow when they are asked to.
  const list = (kind, entries, draw, step = 40) => {
    const holder = make("ul", { class: kind });
    let shown = 0;
    const button = make("button", { type: "button", class: "more", on: { click: () => grow() } });
    const grow = () => {
      holder.append(...entries.slice(shown, shown + step).map(draw));
      shown = Math.min(shown + step, entries.length);
      button.textContent = `show more (${(entries.length - shown).toLocaleString("en")})`;
      button.hidden = shown >= entries.length;
    };
    grow();
    return [holder, button];
  };
  const branchItem = (at) => {
    const [file, line, says, , , tests, confidence] = data.branches[at];
    return make("li", {},
      tests.length ? chip("behavior", `asserted, ${CONFIDENCE[confidence]}`) : chip("untested", "not asserted"),
      make("span", { class: "what" }, text(says), " ", place(file, line)),
      tests.length ? make("span", { class: "by" }, tests.slice(0, 8).map((test) => [link(testHash(test), code(testId(test))), " "]), tests.length > 8 ? `and ${tests.length - 8} more` : null) : null);
  };
  const writtenOf = new Map(data.written.map(([at, heading, lines]) => [at, { heading: text(heading), lines: lines.map(text) }]));
  // The test of a gap, ready to copy, or why none closes it; the tests of the largest projects do not all fit.
  const written = (at) => {
    const command = `covgap scaffold ${gapId(data.gaps[at])}`;
    if (!writtenOf.has(at)) return make("p", { class: "closes" }, make("b", {}, "Its test "), "is written by ", code(command), " ", copyButton(command));
    const { heading, lines } = writtenOf.get(at);
    if (!lines.length) return make("p", { class: "closes" }, make("b", {}, "No new test closes it: "), `${heading}.`);
    return make("div", { class: "written" }, make("p", {}, make("b", {}, heading), " ", copyButton(`${lines.join("\n")}\n`, "the test")),
      sourceBlock(lines.map((words, number) => [number + 1, words]), new Set()));
  };
  const gapHash = (at) => `#gap=${encodeURIComponent(gapId(data.gaps[at]))}`;
  const gapStory = (at) => {
    const [, , , , evidence, fix] = data.gaps[at];
    return [chain(evidence), fix >= 0 && text(fix) ? make("p", {}, make("b", {}, "What to do: "), spoken(text(fix))) : null, written(at)];
  };
  const gapItem = (at, _, open = false) => {
    const [, kind, priority, , , , route, waived, since] = data.gaps[at];
    const id = gapId(data.gaps[at]);
    const story = make("div", { class: "story" });
    const item = make("details", { class: waived >= 0 ? "row waived" : "row" },
      make("summary", {}, chip(`p${priority}`, PRIORITY[priority]), make("span", { class: "name" }, gapTitle(data.gaps[at]), waived >= 0 ? make("small", { class: "note" }, text(waived)) : null), code(text(kind), "kind")), story);
    const fill = () => {
      if (item.open && !story.childNodes.length) story.append(...gapStory(at).filter(Boolean), make("p", { class: "muted" }, link(gapHash(at), "its page"), " · ", since >= 0 ? [text(since), " · "] : null, route >= 0 ? [link(routeHash(route), "the route"), " · "] : null, code(id), " ", copyButton(id)));
    };
    item.addEventListener("toggle", fill);
    item.open = open;
    fill();
    return item;
  };
  const heading = (words, number) => make("h3", {}, words, number === undefined ? null : make("small", {}, ` ${number.toLocaleString("en")}`));

  const scaffoldOf = (route) => {
    const command = `covgap scaffold '${routeName(route).replaceAll("'", "'\\''")}'`;
    return make("p", { class: "muted" }, "Its tests are written by ", code(command), " ", copyButton(command));
  };

  // -- A route -------------------------------------------------------------------------------------------------------
  const routePage = (at) => {
    const route = data.routes[at];
    const order = visibleRoutes();
    const here = order.indexOf(at);
    const step = (by) => (order[here + by] === undefined || here < 0 ? null : routeHash(order[here + by]));
    const lines = handlerLines(route);
    const raised = new Set(route.branches.map((branch) => data.branches[branch]).filter((branch) => branch[0] === route.file).map((branch) => branch[1]));
    const names = ["real", "doubled", "from fixtures", "direct"];
    return {
      title: routeName(route), up: routesHash(), previous: step(-1), next: step(1),
      content: [
        make("h2", { class: "route-name" }, make("span", { class: "method" }, text(route.method)), " ", code(text(route.path)), " ", copyButton(routeName(route))),
        make("p", { class: "lead" }, chip(route.verdict, route.verdict), ` ${text(route.why)}.`),
        route.notes.map((note) => make("p", { class: "note" }, `${text(note)}.`)),
        make("dl", {},
          make("dt", {}, "Handler"), make("dd", {}, code(text(route.handler)), " ", place(route.file, route.line)),
          make("dt", {}, "Registered"), make("dd", {}, make("ol", { class: "steps" }, route.chain.map(([file, line]) => make("li", {}, place(file, line), sourceLine(file, line) ? make("pre", { class: "quote" }, sourceLine(file, line).trim()) : null)))),
          make("dt", {}, "App"), make("dd", {}, code(text(route.app))),
          route.tags.length ? [make("dt", {}, "Tags"), make("dd", {}, route.tags.map((tag) => [link(`#routes?tag=${encodeURIComponent(text(tag))}`, text(tag)), " "]))] : null,
          route.dependencies.length ? [make("dt", {}, "Depends on"), make("dd", {}, route.dependencies.map((name) => [code(text(name)), " "]))] : null,
          route.owner >= 0 ? [make("dt", {}, "Owner"), make("dd", {}, text(route.owner))] : null,
          make("dt", {}, "Tests"), make("dd", {}, route.contacts.some(Boolean) ? route.contacts.map((number, kind) => (number ? `${number.toLocaleString("en")} ${names[kind]}` : null)).filter(Boolean).join(", ") : "none")),
        lines.length ? [heading("Handler"), sourceBlock(lines, raised)] : null,
        gapsOf[at].length ? [heading("What is missing", gapsOf[at].length), make("div", { class: "table gaps" }, gapsOf[at].map((gap, number) => gapItem(gap, number, number === 0))), scaffoldOf(route)] : null,
        route.branches.length ? [heading("Error branches", route.branches.length), list("branches", route.branches, branchItem)] : null,
        heading("Exercised by", ofRoute[at].length),
        ofRoute[at].length ? list("exercises", ofRoute[at], (exercise) => exerciseItem(exercise, "route"), 25) : make("p", { class: "muted" }, "No test touches it."),
      ],
    };
  };

  // -- A finding -----------------------------------------------------------------------------------------------------
  const gapPage = (at) => {
    const [, kind, priority, , , , route, waived, since] = data.gaps[at];
    const id = gapId(data.gaps[at]);
    const command = `covgap explain ${id}`;
    return {
      title: gapTitle(data.gaps[at]), up: "#findings", previous: at > 0 ? gapHash(at - 1) : null, next: at + 1 < data.gaps.length ? gapHash(at + 1) : null,
      content: [
        make("h2", {}, gapTitle(data.gaps[at])),
        make("p", { class: "lead" }, chip(`p${priority}`, PRIORITY[priority]), ` ${PHASE[priority]}${since >= 0 ? ` · ${text(since)}` : ""} · `, code(text(kind), "kind")),
        waived >= 0 ? make("p", { class: "note" }, text(waived)) : null,
        gapStory(at),
        make("p", { class: "muted" }, route >= 0 ? [link(routeHash(route), code(routeName(data.routes[route]))), " · "] : null, code(command), " ", copyButton(command)),
      ],
    };
  };

  // -- A kind of findings --------------------------------------------------------------------------------------------
  const kindHash = (kind) => `#kind=${encodeURIComponent(kind)}`;
  // The evidence of a blocking call leads from it outwards: read from its end, it is the way of a request.
  const waysGrid = (found) => grid("Blocking calls, with the way from a route", ["Call", "Routes that wait", "Way"], found.map((at) => {
    const evidence = data.gaps[at][4];
    const { routes } = linksOf(evidence);
    const steps = stepsOf(evidence);
    const own = steps.filter(([, , says]) => !/ waits with it$|, too$/.test(text(says))).reverse();
    return [link(gapHash(at), gapTitle(data.gaps[at])), few(routes, (route) => link(routeHash(route), code(routeName(data.routes[route])))),
      make("ol", { class: "steps" }, own.map(([file, line, says]) => make("li", {}, text(says).replace(/ leads there$/, ""), " ", place(file, line))))];
  }));
  const kindPage = (kind) => {
    const found = data.gaps.map((_, at) => at).filter((at) => text(data.gaps[at][1]) === kind);
    return {
      title: kind, up: "#findings", previous: null, next: null,
      content: [make("h2", {}, code(kind)), make("p", { class: "lead" }, `${plural(found.length, "finding", "findings")}. `, make("b", {}, "What to do: "), spoken(text(data.gaps[found[0]][5]))),
        kind === "blocking-call" ? waysGrid(found.slice(0, 200)) : null,
        kind === "blocking-call" && found.length <= 200 ? null : list("table gaps", found, (at) => make("li", {}, gapItem(at)), 60),
        make("p", { class: "muted" }, "Why, with an example and a counter-example: ", code(`covgap rules explain ${kind}`), " ", copyButton(`covgap rules explain ${kind}`))],
    };
  };

  // -- A test --------------------------------------------------------------------------------------------------------
  const testPage = (at) => {
    const [file, name, line, contact, asserts, skip] = data.tests[at];
    const doubles = [...new Set(ofTest[at].flatMap((exercise) => exercises[exercise].doubles))];
    const requests = ofTest[at].filter((exercise) => exercises[exercise].contact !== 3);
    const reached = [...new Set(requests.map((exercise) => exercises[exercise].route).filter((route) => route >= 0))];
    const asserted = [...new Set(requests.filter((exercise) => exercises[exercise].contact !== 2).flatMap((exercise) => exercises[exercise].statuses))].sort();
    const calls = ofTest[at].filter((exercise) => exercises[exercise].contact === 3);
    return {
      title: text(name), up: "#tests",
      previous: at > 0 ? testHash(at - 1) : null, next: at + 1 < data.tests.length ? testHash(at + 1) : null,
      content: [
        make("h2", {}, code(text(name))),
        make("p", { class: "lead" }, chip(CONTACT_CLASS[contact], CONTACTS[contact]), " ", place(file, line)),
        skip >= 0 ? make("p", { class: "note" }, text(skip)) : null,
        asserts ? null : make("p", { class: "note" }, "It asserts nothing that covgap can see."),
        make("dl", {},
          make("dt", {}, "Reaches"), make("dd", {}, few(reached, (route) => link(routeHash(route), code(routeName(data.routes[route]))), 6), reached.length ? null : "no route"),
          make("dt", {}, "Asserts"), make("dd", {}, asserted.length ? `status ${asserted.join(", ")}` : asserts ? "no status" : "nothing"),
          make("dt", {}, "Replaces"), make("dd", {}, doubles.length ? few(doubles, (double) => code(text(data.doubles[double][0])), 6) : "nothing"),
          make("dt", {}, "Skips"), make("dd", {}, skip >= 0 ? text(skip) : "never")),
        heading("Requests", requests.length),
        requests.length ? list("exercises", requests, (exercise) => exerciseItem(exercise, "test"), 25) : make("p", { class: "muted" }, "It sends none that covgap can see."),
        calls.length ? [heading("Calls directly", calls.length), list("exercises", calls, (exercise) => exerciseItem(exercise, "test"), 25)] : null,
        doubles.length ? [heading("Replaces", doubles.length), make("ul", { class: "plain" }, doubles.map((double) => make("li", {}, code(text(data.doubles[double][0])), " ", place(data.doubles[double][1], data.doubles[double][2]), " ", code(text(data.doubles[double][3]), "rule"))))] : null,
        more.has(at) ? make("p", { class: "muted" }, `and ${plural(more.get(at), "exercise", "exercises")} more, which the JSON report lists`) : null,
      ],
    };
  };

  // -- Items of bars -------------------------------------------------------------------------------------------------
  // Gaps that a bar's page shows, by kind.
  const KINDS_OF = {
    frontend: ["call-without-route", "websocket-without-route"], "react-providers": ["missing-provider"], initialization: ["lifespan-not-run", "partial-initialization"],
    errors: ["unhandled-exception", "impossible-status", "degraded-answer"], infrastructure: ["doubled-infrastructure", "skip-hides-infrastructure", "unreachable-service", "doubled-route"], configuration: ["missing-setting", "setting-differs"],
  };
  const isEmpty = (cell) => !cell || (Array.isArray(cell) && cell.every(isEmpty));
  // A column in which nothing stands is left out.
  const grid = (label, allHeads, allLines) => {
    const used = allHeads.map((_, at) => at).filter((at) => allLines.some((cells) => !isEmpty(cells[at])));
    const heads = used.map((at) => allHeads[at]);
    const lines = allLines.map((cells) => used.map((at) => cells[at]));
    return make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    make("table", { class: "grid" }, make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, lines.map((cells) => make("tr", {}, cells.map((cell, at) => make(at ? "td" : "th", at ? { "data-head": heads[at] } : { scope: "row" }, cell)))))));
  };
  const few = (entries, draw, most = 3) => [entries.slice(0, most).map((entry) => make("div", {}, draw(entry))), entries.length > most ? make("div", { class: "muted" }, `and ${(entries.length - most).toLocaleString("en")} more`) : null];
  // The table that stands in the bar without a script, with places and tests to follow.
  const tableOf = (bar, title) => {
    const found = byId(`bar-${bar.id}`)?.querySelector(".story > .scroll, .story > .tree")?.cloneNode(true);
    if (!found) return null;
    for (const one of found.querySelectorAll("code.place")) {
      const [, file, line] = /^(.*):(\d+)$/s.exec(one.textContent) || [];
      if (file) one.replaceWith(placeAt(file, line));
    }
    for (const one of found.querySelectorAll("code.test")) {
      const at = testAt(one.textContent);
      if (at !== undefined) one.replaceWith(testLink(at));
    }
    return [heading(title, found.querySelectorAll("tbody tr").length || found.children.length), found];
  };
  // Which routes and tests the evidence of an item names.
  const linksOf = (evidence) => {
    const found = stepsOf(evidence).map(([file, line]) => beginningAt(file, line));
    return { routes: [...new Set(found.flatMap((one) => one.routes))], tests: [...new Set(found.flatMap((one) => one.tests))] };
  };
  const itemsGrid = (label, head, items) => grid(label, [head, "", "Routes", "Tests", "Why"], items.map(([name, file, line, covered, evidence]) => {
    const { routes, tests } = linksOf(evidence);
    return [[code(text(name)), " ", file >= 0 ? place(file, line) : null], chip(covered ? "behavior" : "untested", covered ? "covered" : "not covered"),
      few(routes, (route) => link(routeHash(route), code(routeName(data.routes[route])))), few(tests, testLink),
      evidence === -1 ? null : make("details", {}, make("summary", {}, "evidence"), chain(evidence))];
  }));
  const replacedGrid = () => {
    const uses = new Map();
    exercises.forEach((exercise) => exercise.doubles.forEach((double) => {
      const key = data.doubles[double][0];
      if (!uses.has(key)) uses.set(key, { doubles: new Set(), tests: new Set(), routes: new Set() });
      const use = uses.get(key);
      use.doubles.add(double);
      use.tests.add(exercise.test);
      if (exercise.route >= 0) use.routes.add(exercise.route);
    }));
    if (!uses.size) return null;
    return [heading("What tests replace", uses.size), grid("What tests replace", ["Replaced", "Where", "Tests", "Routes behind which it stands"],
      [...uses].sort((one, two) => two[1].tests.size - one[1].tests.size).slice(0, 200).map(([name, use]) => [code(text(name)), few([...use.doubles], (double) => place(data.doubles[double][1], data.doubles[double][2]), 2),
        few([...use.tests], testLink, 2), few([...use.routes], (route) => link(routeHash(route), code(routeName(data.routes[route]))))]))];
  };

  // -- A bar ---------------------------------------------------------------------------------------------------------
  const barPage = (bar) => {
    const number = data.bars.indexOf(bar);
    const step = (by) => (data.bars[number + by] ? `#bar=${data.bars[number + by].id}` : null);
    const drawn = byId(`bar-${bar.id}`)?.querySelector("summary").cloneNode(true);
    const row = make("p", { class: "bar big-bar" }, drawn ? [...drawn.childNodes] : null);
    const named = (name) => {
      const [, before, route] = /^(\d+ of )(.*)$/s.exec(name) || [];
      return ROUTE_IDS.has(route) ? [before, link(routeHash(ROUTE_IDS.get(route)), code(route))] : code(name);
    };
    const item = ([name, file, line, covered, evidence]) => make("li", {},
      chip(covered ? "behavior" : "untested", covered ? "covered" : "not covered"), " ", named(text(name)), " ",
      file >= 0 ? place(file, line) : null, chain(evidence));
    const inGrid = { frontend: "Request of the frontend", initialization: "Step of the start-up" }[bar.id];
    const part = (title, items) => (!items.length ? null
      : [heading(title, items.length), inGrid ? itemsGrid(title, inGrid, items) : list("items", items, item, 60)]);
    const isOfRoutes = bar.id === "http" || bar.id === "websocket";
    const ofBar = !isOfRoutes ? [] : counted.filter((at) => data.routes[at].file >= 0 && (facts[at].kind === bar.id));
    const routeItem = (at) => make("li", {}, chip(facts[at].verdict, facts[at].verdict), " ", link(routeHash(at), code(routeName(data.routes[at]))), make("span", { class: "says" }, text(data.routes[at].why)));
    const routesPart = (title, routes) => (routes.length ? [heading(title, routes.length), list("items", routes, routeItem, 60)] : null);
    const kinds = KINDS_OF[bar.id] || [];
    const found = data.gaps.map((_, at) => at).filter((at) => kinds.includes(text(data.gaps[at][1])));
    return {
      title: bar.label, up: "#overview", previous: step(-1), next: step(1),
      content: [make("h2", {}, bar.label), row, make("p", { class: "lead" }, text(bar.why)),
        isOfRoutes ? make("p", {}, link(`#routes?kind=${bar.id}`, "Its routes, in the table")) : null,
        routesPart("What tests don’t cover", ofBar.filter((at) => facts[at].verdict !== "behavior")), routesPart("What tests cover", ofBar.filter((at) => facts[at].verdict === "behavior")),
        bar.id === "configuration" ? tableOf(bar, "Settings by environment") : null, bar.id === "infrastructure" ? [tableOf(bar, "What tests make of it"), replacedGrid()] : null,
        bar.id === "react-providers" ? tableOf(bar, "Providers, and who needs them below") : null,
        found.length ? [heading("Findings", found.length), list("table gaps", found, (at) => make("li", {}, gapItem(at)), 40)] : null,
        part("What tests don’t cover", bar.items.filter((one) => !one[3])), part("What tests cover", bar.items.filter((one) => one[3])),
        bar.more ? make("p", { class: "muted" }, `and ${plural(bar.more, "item", "items")} more, which the JSON report lists`) : null],
    };
  };

  // -- Routes: filters, order, groups --------------------------------------------------------------------------------
  const table = document.querySelector("table.routes");
  const rows = data.routes.map((_, at) => byId(`route-${at + 1}`));
  // The file that registers it; where one place registers handlers of several files, as a loop over routers does, the handler's.
  const handlersAt = new Map();
  const registeredAt = (route) => (route.chain.length ? route.chain[0].join(":") : "");
  for (const route of data.routes) handlersAt.set(registeredAt(route), (handlersAt.get(registeredAt(route)) || new Set()).add(route.file));
  const routerOf = (route) => (route.chain.length && (route.file < 0 || handlersAt.get(registeredAt(route)).size === 1) ? route.chain[0][0] : route.file);
  const facts = data.routes.map((route, at) => {
    const branches = route.branches;
    return {
      verdict: route.verdict, kind: route.websocket ? "websocket" : "http", app: text(route.app),
      router: text(routerOf(route)), owner: text(route.owner), depends: route.dependencies.map(text), tags: route.tags.map(text), tag: route.tags.map(text).join(", "), priority: Math.min(3, ...gapsOf[at].map((gap) => data.gaps[gap][2])),
      branches: branches.length, asserted: branches.filter((branch) => data.branches[branch][5].length).length,
      words: `${routeName(route)} ${text(route.handler)} ${text(route.file)} ${text(route.app)} ${text(route.owner)} ${route.tags.map(text).join(" ")} ${route.dependencies.map(text).join(" ")}`.toLowerCase(),
    };
  });
  const COLUMNS = [
    (at) => VERDICTS.indexOf(facts[at].verdict), (at) => text(data.routes[at].method), (at) => text(data.routes[at].path),
    (at) => -new Set(ofRoute[at].map((exercise) => exercises[exercise].test)).size, (at) => -data.routes[at].contacts[0], (at) => -data.routes[at].contacts[1], (at) => -data.routes[at].contacts[2], (at) => -data.routes[at].contacts[3],
    (at) => (facts[at].branches ? facts[at].asserted / facts[at].branches : 2), (at) => `${text(data.routes[at].file)}:${String(data.routes[at].line).padStart(6, "0")}`];
  const NAMES = ["verdict", "method", "path", "tests", "real", "doubled", "setup", "direct", "errors", "handler"];
  const NOTHING = { verdict: [], kind: "", priority: "", app: "", router: "", owner: "", tag: "", depends: "", q: "", sort: "", group: "" };
  let state = { ...NOTHING };
  let order = rows.map((_, at) => at);
  const bodies = [...table.tBodies];
  const counted = order.filter((at) => data.routes[at].counted);
  // A table of thousands of rows takes long to lay out: those further down are asked for.
  const MOST_ROWS = 300;
  let most = MOST_ROWS;
  const fitting = rows.map(() => true);
  const visibleRoutes = () => order.filter((at) => fitting[at]);
  const moreRoutes = make("button", { type: "button", class: "more", on: { click: () => { most = Infinity; apply(); } } });
  const routesHash = () => {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(state)) if (value.length) query.set(key, Array.isArray(value) ? value.join(",") : value);
    const words = query.toString();
    return words ? `#routes?${words}` : "#routes";
  };
  const readState = (query) => {
    state = { ...NOTHING, verdict: [] };
    for (const [key, value] of new URLSearchParams(query)) {
      if (key === "verdict") state.verdict = value.split(",").filter((one) => VERDICTS.includes(one));
      else if (key in state) state[key] = value;
    }
    if (!state.sort) state.sort = store.get("covgap-sort") || "";
  };
  const controls = make("div", { class: "filter" });
  const search = make("input", { type: "search", placeholder: "Filter: path, handler, file   ( / )", "aria-label": "Filter routes by text" });
  const buttons = new Map();
  const selects = new Map();
  const total = make("p", { class: "shown", role: "status" });
  const groupHeads = [];
  const apply = () => {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const counts = new Map(VERDICTS.map((verdict) => [verdict, 0]));
    let shown = 0;
    facts.forEach((fact, at) => {
      const fits = (!state.verdict.length || state.verdict.includes(fact.verdict)) && (!state.kind || state.kind === fact.kind)
        && (!state.app || state.app === fact.app) && (!state.router || state.router === fact.router) && (!state.depends || fact.depends.includes(state.depends)) && (!state.owner || state.owner === fact.owner) && (!state.tag || fact.tags.includes(state.tag))
        && (!state.priority || state.priority === PRIORITY[fact.priority]) && words.every((word) => fact.words.includes(word));
      fitting[at] = fits;
      if (fits && data.routes[at].counted) { counts.set(fact.verdict, counts.get(fact.verdict) + 1); shown += 1; }
    });
    const [column, down] = state.sort ? [NAMES.indexOf(state.sort.replace(/^-/, "")), state.sort.startsWith("-")] : [-1, false];
    order = rows.map((_, at) => at);
    if (column >= 0) {
      const keys = order.map(COLUMNS[column]);
      order.sort((one, two) => (keys[one] < keys[two] ? -1 : keys[one] > keys[two] ? 1 : one - two) * (down ? -1 : 1));
    }
    for (const head of groupHeads.splice(0)) head.remove();
    for (const body of bodies) {
      const inBody = order.filter((at) => rows[at].parentNode === body);
      const group = state.group && body === bodies[0] ? (at) => facts[at][state.group] : null;
      if (group) inBody.sort((one, two) => (group(one) < group(two) ? -1 : group(one) > group(two) ? 1 : 0));
      // Rows that are in order, or have been, are placed anew.
      if (group || sorted || column >= 0) {
        const parts = [...body.querySelectorAll("th")].filter((cell) => cell.scope === "rowgroup").map((cell) => cell.parentNode);
        let last = null;
        for (const at of inBody) {
          if (group && fitting[at] && group(at) !== last) {
            last = group(at);
            const members = inBody.filter((one) => fitting[one] && group(one) === last);
            const good = members.filter((one) => facts[one].verdict === "behavior").length;
            const head = make("tr", { class: "group" }, make("th", { colspan: table.tHead.rows[0].cells.length, scope: "rowgroup" }, code(last || "none"), make("small", {}, ` ${good} of ${members.length} reached the way users do`)));
            groupHeads.push(head);
            parts.push(head);
          }
          parts.push(rows[at]);
        }
        body.replaceChildren(...parts);
        if (group) order = [...inBody, ...order.filter((at) => rows[at].parentNode !== body)];
      }
    }
    sorted = column >= 0 || Boolean(state.group);
    let left = state.group ? Infinity : most;
    for (const at of order) {
      rows[at].hidden = !fitting[at] || left <= 0;
      if (fitting[at]) left -= 1;
    }
    moreRoutes.hidden = left >= 0;
    moreRoutes.textContent = `show all (${Math.max(0, -left).toLocaleString("en")} more)`;
    const share = shown ? Math.round((counts.get("behavior") * 100) / shown) : 0;
    total.replaceChildren(`${shown === counted.length ? plural(shown, "route", "routes") : `${shown.toLocaleString("en")} of ${plural(counted.length, "route", "routes")}`}`,
      shown ? `, ${share}% the way users reach them: ` : "",
      ...VERDICTS.filter((verdict) => counts.get(verdict)).flatMap((verdict) => [chip(verdict, make("b", {}, String(counts.get(verdict))), ` ${verdict}`), " "]));
    for (const [verdict, button] of buttons) button.setAttribute("aria-pressed", String(state.verdict.includes(verdict)));
    for (const [key, select] of selects) select.value = state[key];
    if (search.value !== state.q) search.value = state.q;
    [...table.tHead.rows[0].cells].forEach((cell, at) => cell.setAttribute("aria-sort", at === column ? (down ? "descending" : "ascending") : "none"));
  };
  let sorted = false;
  const change = (part) => {
    Object.assign(state, part);
    if ("sort" in part) store.set("covgap-sort", part.sort);
    history.replaceState(null, "", routesHash());
    apply();
  };
  const choice = (key, label, values, spell = (value) => value) => {
    const different = [...new Set(values)].filter((value) => value !== "").sort();
    if (different.length < 2 && key !== "group") return null;
    const select = make("select", { "aria-label": label, on: { change: (event) => change({ [key]: event.target.value }) } },
      make("option", { value: "" }, label), different.map((value) => make("option", { value }, spell(value))));
    selects.set(key, select);
    return select;
  };
  search.addEventListener("input", () => change({ q: search.value }));
  for (const verdict of VERDICTS.filter((one) => facts.some((fact) => fact.verdict === one))) {
    const button = make("button", { type: "button", "aria-pressed": "false", on: { click: () => change({ verdict: state.verdict.includes(verdict) ? state.verdict.filter((one) => one !== verdict) : [...state.verdict, verdict] }) } },
      make("span", { class: `sign ${verdict}`, "aria-hidden": "true" }, SIGNS[verdict]), verdict);
    buttons.set(verdict, button);
  }
  controls.append(...[search, ...buttons.values(),
    choice("kind", "any kind", facts.map((fact) => fact.kind)), choice("priority", "any priority", facts.map((fact) => PRIORITY[fact.priority] || "")),
    choice("app", "any app", facts.map((fact) => fact.app)), choice("router", "any router", facts.map((fact) => fact.router)),
    choice("owner", "any owner", facts.map((fact) => fact.owner)), choice("tag", "any tag", facts.flatMap((fact) => fact.tags)), choice("depends", "any dependency", facts.flatMap((fact) => fact.depends)),
    choice("group", "no groups", ["router", "app", ...["owner", "tag"].filter((key) => facts.some((fact) => fact[key]))], (value) => `by ${value}`),
    make("button", { type: "button", on: { click: () => change({ ...NOTHING, verdict: [] }) } }, "reset")].filter(Boolean));
  document.querySelector("#routes .scroll").before(controls, total);
  document.querySelector("#routes .scroll").after(moreRoutes);
  // Columns that would say the same in every row are left out, and that of routers where it mostly says what the handler's does.
  const extra = [["Tag", "tag"], ["App", "app"], ["Owner", "owner"], ["Router", "router"]].filter(([, key]) => {
    const different = new Set(counted.map((at) => facts[at][key]));
    return different.size > 1 && (key !== "router" || counted.filter((at) => facts[at].router !== text(data.routes[at].file)).length * 2 > counted.length);
  });
  for (const [head, key] of extra) {
    table.tHead.rows[0].append(make("th", { scope: "col" }, head));
    rows.forEach((row, at) => row.append(make("td", { class: `extra ${key}` }, facts[at][key])));
    NAMES.push(key);
    COLUMNS.push((at) => facts[at][key]);
  }
  for (const cell of table.querySelectorAll(".uncounted th")) cell.colSpan = NAMES.length;
  [...table.tHead.rows[0].cells].forEach((cell, at) => {
    const button = make("button", { type: "button", on: { click: () => change({ sort: state.sort === NAMES[at] ? `-${NAMES[at]}` : state.sort === `-${NAMES[at]}` ? "" : NAMES[at] }) } }, cell.textContent);
    cell.replaceChildren(button);
  });
  table.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (!row || !row.id || event.target.closest("button") || String(getSelection())) return;
    event.preventDefault();
    location.hash = routeHash(rows.indexOf(row));
  });

  // -- Findings ------------------------------------------------------------------------------------------------------
  const drawFindings = () => {
    const section = byId("findings");
    if (section.querySelector(".drawn")) return;
    const holder = make("div", { class: "drawn" });
    const field = make("input", { type: "search", placeholder: "Filter: title, kind   ( / )", "aria-label": "Filter findings by text" });
    const draw = () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      holder.replaceChildren();
      PRIORITY.forEach((priority, number) => {
        const kinds = new Map();
        data.gaps.forEach((gap, at) => {
          if (gap[2] !== number) return;
          const title = `${gapTitle(gap)} ${gapId(gap)}`.toLowerCase();
          if (!words.every((word) => title.includes(word))) return;
          const kind = text(gap[1]);
          if (!kinds.has(kind)) kinds.set(kind, []);
          kinds.get(kind).push(at);
        });
        const all = [...kinds.values()].reduce((sum, gaps) => sum + gaps.length, 0);
        if (!all) return;
        holder.append(make("h3", {}, chip(`p${number}`, priority), ` ${PHASE[number]} `, make("small", {}, all.toLocaleString("en"))));
        for (const [kind, gaps] of [...kinds].sort((one, two) => two[1].length - one[1].length)) {
          const body = make("div", { class: "table gaps" });
          const isOfWays = kind === "blocking-call";
          if (isOfWays || gaps.length > 12) body.append(make("p", { class: "muted" }, link(kindHash(kind), isOfWays ? "the way from a route to each" : "a page of them")));
          const group = make("details", { class: "row kind-group" }, make("summary", {}, make("b", { class: "name" }, kind), make("span", { class: "count" }, gaps.length.toLocaleString("en")), make("span", { class: "muted" }, spoken(text(data.gaps[gaps[0]][5])))), body);
          const fill = () => { if (group.open && !body.querySelector(".inner")) body.append(...list("inner", gaps, (at) => make("li", {}, gapItem(at)), 60)); };
          group.addEventListener("toggle", fill);
          group.open = gaps.length <= 12 || words.length > 0;
          fill();
          holder.append(group);
        }
      });
      if (!holder.childNodes.length) holder.append(make("p", { class: "muted" }, words.length ? "None fits." : "None."));
    };
    field.addEventListener("input", draw);
    if (data.gaps.length) section.append(make("div", { class: "filter" }, field), holder);
    draw();
  };

  // -- Tests ---------------------------------------------------------------------------------------------------------
  const drawTests = () => {
    const section = byId("tests");
    if (section.querySelector(".drawn")) return;
    const holder = make("div", { class: "drawn" });
    const field = make("input", { type: "search", placeholder: "Filter: file, name   ( / )", "aria-label": "Filter tests by text" });
    const testItem = (at) => {
      const [, name, , contact, asserts, skip] = data.tests[at];
      const routes = [...new Set(ofTest[at].map((exercise) => exercises[exercise].route).filter((route) => route >= 0))];
      return make("li", {}, chip(CONTACT_CLASS[contact], CONTACTS[contact]), " ", link(testHash(at), code(text(name))),
        make("span", { class: "says" }, routes.slice(0, 4).map((route, number) => [number ? ", " : "", link(routeHash(route), routeName(data.routes[route]))]), routes.length > 4 ? ` and ${routes.length - 4} more` : null),
        skip >= 0 ? make("span", { class: "says note" }, text(skip)) : null, asserts ? null : make("span", { class: "says note" }, "asserts nothing that covgap can see"));
    };
    const draw = () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      const files = new Map();
      data.tests.forEach(([file, name], at) => {
        const title = `${text(file)} ${text(name)}`.toLowerCase();
        if (!words.every((word) => title.includes(word))) return;
        if (!files.has(file)) files.set(file, []);
        files.get(file).push(at);
      });
      const entries = [...files].sort((one, two) => (text(one[0]) < text(two[0]) ? -1 : 1));
      holder.replaceChildren(...list("table suite", entries, ([file, tests]) => {
        const numbers = CONTACTS.map((_, contact) => tests.filter((at) => data.tests[at][3] === contact).length);
        const body = make("div", { class: "story" });
        const group = make("details", { class: "row" }, make("summary", {}, code(text(file), "name"), make("span", { class: "count" }, plural(tests.length, "test", "tests")),
          make("span", { class: "contacts" }, numbers.map((number, contact) => (number ? [chip(CONTACT_CLASS[contact], `${number} ${CONTACTS[contact]}`), " "] : null)))), body);
        const fill = () => { if (group.open && !body.childNodes.length) body.append(...list("tests", tests, testItem, 80)); };
        group.addEventListener("toggle", fill);
        if (entries.length <= 3 || (words.length && tests.length <= 20 && entries.length < 20)) { group.open = true; fill(); }
        return make("li", {}, group);
      }, 120));
    };
    field.addEventListener("input", draw);
    section.querySelector("h2").after(make("div", { class: "filter" }, field), holder);
    draw();
  };

  // -- Views and the hash --------------------------------------------------------------------------------------------
  const views = [...document.querySelectorAll(".view")];
  const detail = byId("detail");
  const tabs = [...document.querySelectorAll("nav a")];
  let previous = null;
  let next = null;
  let up = null;
  const ROUTE_IDS = new Map();
  data.routes.forEach((route, at) => {
    ROUTE_IDS.set(routeId(route), at);
    if (!ROUTE_IDS.has(routeName(route))) ROUTE_IDS.set(routeName(route), at);
  });
  let testIds = null;
  const testAt = (id) => {
    if (!testIds) testIds = new Map(data.tests.map((_, at) => [testId(at), at]));
    return testIds.get(id);
  };
  const openPage = (page, tab) => {
    ({ up, previous, next } = page);
    const step = (hash, words, key) => (hash ? make("a", { href: hash, title: `key ${key}` }, words) : make("span", { class: "muted" }, words));
    detail.replaceChildren(make("p", { class: "crumbs" }, link(up, "← back"), step(previous, "previous", "["), step(next, "next", "]")), make("article", { class: "card" }, page.content.flat(9).filter(Boolean)));
    detail.querySelector("h2").tabIndex = -1;
    show("detail", tab);
    document.title = `${page.title} – ${name}`;
    scrollTo(0, 0);
    detail.querySelector("h2").focus({ preventScroll: true });
  };
  const name = document.title;
  const show = (id, tab) => {
    for (const view of views) view.hidden = view.id !== id;
    detail.hidden = id !== "detail";
    for (const one of tabs) {
      if (one.getAttribute("href") === `#${tab || id}`) one.setAttribute("aria-current", "page");
      else one.removeAttribute("aria-current");
    }
  };
  const decode = (words) => { try { return decodeURIComponent(words); } catch { return words; } };
  const go = () => {
    const hash = location.hash.slice(1);
    const [, key, value] = /^(route|test|bar|gap|kind)=(.*)$/s.exec(hash) || [];
    const asked = value === undefined ? "" : decode(value);
    if (key === "route" && ROUTE_IDS.has(asked)) return openPage(routePage(ROUTE_IDS.get(asked)), "routes");
    if (key === "test" && testAt(asked) !== undefined) return openPage(testPage(testAt(asked)), "tests");
    const gap = key === "gap" ? data.gaps.findIndex((one) => gapId(one) === asked) : -1;
    if (gap >= 0) return openPage(gapPage(gap), "findings");
    if (key === "kind" && data.gaps.some((one) => text(one[1]) === asked)) return openPage(kindPage(asked), "findings");
    const bar = key === "bar" ? data.bars.find((one) => one.id === asked) : null;
    if (bar) return openPage(barPage(bar), "overview");
    const numbered = /^(?:story-)?route-(\d+)$/.exec(hash);
    if (numbered && data.routes[numbered[1] - 1]) {
      history.replaceState(null, "", routeHash(numbered[1] - 1));
      return go();
    }
    [previous, next, up] = [null, null, null];
    document.title = name;
    if (hash === "routes" || hash.startsWith("routes?")) { readState(hash.slice(7)); apply(); return show("routes"); }
    if (hash === "findings") { drawFindings(); show("findings"); return scrollTo(0, 0); }
    if (hash === "tests") { drawTests(); show("tests"); return scrollTo(0, 0); }
    if (hash === "unknown" || hash === "left-out") return show("unknown");
    const target = hash ? byId(decode(hash)) : null;
    const view = target?.closest(".view");
    show(view ? view.id : "overview");
    for (let at = target; at; at = at.parentElement) if (at.localName === "details") at.open = true;
    if (target && view !== target) target.scrollIntoView();
    return undefined;
  };
  addEventListener("hashchange", go);
  for (const row of document.querySelectorAll(".bar[id]")) {
    const story = row.querySelector(".story p");
    story?.append(" ", make("a", { href: `#bar=${row.id.slice(4)}` }, "its page"));
  }

  // -- Light and dark ------------------------------------------------------------------------------------------------
  const THEMES = ["system", "light", "dark"];
  const toggle = make("button", { type: "button", class: "theme", title: "Light, dark, or as the system" });
  const paint = (theme) => {
    if (theme === "system") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", theme);
    toggle.textContent = { system: "◑ system", light: "○ light", dark: "● dark" }[theme];
    toggle.setAttribute("aria-label", `Colors: ${theme}; press to change`);
  };
  let theme = THEMES.includes(store.get("covgap-theme")) ? store.get("covgap-theme") : "system";
  toggle.addEventListener("click", () => { theme = THEMES[(THEMES.indexOf(theme) + 1) % 3]; store.set("covgap-theme", theme); paint(theme); });
  paint(theme);
  const keysButton = make("button", { type: "button", class: "theme", title: "Keys", "aria-label": "Keys" }, "?");
  document.querySelector("header").append(make("span", { class: "tools" }, toggle, keysButton));

  // -- Keys ----------------------------------------------------------------------------------------------------------
  const KEYS = [["j k", "next, previous row"], ["Enter", "open it"], ["/", "filter"], ["[ ]", "previous, next page"], ["u", "back to the list"], ["o r f t", "overview, routes, findings, tests"], ["?", "this list"], ["Esc", "close"]];
  const help = make("dialog", { class: "keys", "aria-label": "Keys" }, make("h2", {}, "Keys"), make("dl", {}, KEYS.map(([keys, does]) => [make("dt", {}, keys.split(" ").map((key) => [make("kbd", {}, key), " "])), make("dd", {}, does)])), make("form", { method: "dialog" }, make("button", {}, "close")));
  help.querySelector("button").addEventListener("click", (event) => { event.preventDefault(); help.close(); });
  document.body.append(help);
  keysButton.addEventListener("click", () => help.showModal());
  const focusable = () => {
    const section = [detail, ...views].find((one) => !one.hidden);
    return [...section.querySelectorAll("tr[id] a, details.row > summary, .exercises > li > p > a, .tests > li > a, .bar > summary")].filter((one) => one.getClientRects().length);
  };
  const move = (by) => {
    const all = focusable();
    const at = all.indexOf(document.activeElement);
    const target = all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))];
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (/^(input|select|textarea)$/.test(event.target.localName)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const jump = { o: "#overview", r: routesHash(), f: "#findings", t: "#tests", "[": previous, "]": next, u: up, Escape: up }[event.key];
    if (jump) location.hash = jump;
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "?") help.showModal();
    else if (event.key === "/") {
      const field = [detail, ...views].find((one) => !one.hidden).querySelector("input[type=search]");
      if (field) field.focus();
      else { addEventListener("hashchange", () => search.focus(), { once: true }); location.hash = routesHash(); }
    } else return;
    event.preventDefault();
  });

  // -- Paper ---------------------------------------------------------------------------------------------------------
  let closed = [];
  let hidden = [];
  addEventListener("beforeprint", () => {
    hidden = detail.hidden ? views.filter((view) => view.hidden) : [];
    if (detail.hidden) { drawFindings(); drawTests(); most = Infinity; apply(); }
    for (const view of hidden) view.hidden = false;
    closed = [...document.querySelectorAll("details:not([open])")].filter((one) => one.getClientRects().length && !one.classList.contains("kind-group"));
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
    for (const view of hidden) view.hidden = true;
    most = MOST_ROWS;
    apply();
  });

  go();
})();
