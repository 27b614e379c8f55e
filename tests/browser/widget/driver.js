// The driver without a face, and without a network: answers come when a test says so. Run by test_driver.py.

const at = (name) => import(`./${name}`);
const { Cache, Sequencer, debounced } = await at("pace.js");
const { Problem, address, pauseAfter, request, retryAfter } = await at("request.js");
const { SearchDriver } = await at("driver.js");
const { SuggestDriver } = await at("suggest-driver.js");
const query = await at("query.js");
const { spread } = await at("map.js");

export const tests = {};
const test = (name, run) => { tests[name] = run; };

function equal(found, wanted) {
  const [one, other] = [found, wanted].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`${one} instead of ${other}`);
}

async function thrown(promise) {
  try { await promise; } catch (error) { return error; }
  throw new Error("nothing was thrown");
}

/** A network whose answers wait to be given: asked[i].answer(body), .fail(problem). */
function network() {
  const asked = [];
  const load = (url, { signal, onRetry }) => new Promise((answer, fail) => {
    asked.push({ url, signal, onRetry, answer, fail });
    signal?.addEventListener("abort", () => fail(signal.reason), { once: true });
  });
  return { asked, load };
}

const hit = (id) => ({ id });
const answerOf = (q, { ids = [], next = null, pieces = [], facets = {} } = {}) => ({
  query: { q, interpretation: pieces, offers: [], did_you_mean: null, relaxed: false, recognised: true, ignored: [], needs: [], circle: null },
  total: { value: ids.length }, results: ids.map(hit), nearby: [], facets, links: { next }, warnings: [], suggestions: [],
});
const piece = (type, value, cut, more = {}) => ({ type, value, cut, applied: true, ...more });
const driverOn = (load, given = {}) => new SearchDriver({ api: "/api/v1/", load, cache: new Cache(), ...given });
const soon = () => new Promise((resolve) => { setTimeout(resolve); });

/** A fetch that gives these responses in turn; what it was asked, and the pauses made in between. */
function world(...responses) {
  const seen = { urls: [], waits: [] };
  return {
    seen,
    random: () => 1,
    online: () => seen.online ?? true,
    wait: async (milliseconds) => { seen.waits.push(milliseconds); },
    fetch: async (url) => {
      seen.urls.push(url);
      const next = responses.length > 1 ? responses.shift() : responses[0];
      if (next instanceof Error) throw next;
      return next;
    },
  };
}
const json = (status, body = {}, headers = {}) => new Response(JSON.stringify(body), { status, headers });

test("a late answer is dropped, whatever order answers come in", async () => {
  const { asked, load } = network();
  const driver = driverOn((url, given) => load(url, { ...given, signal: undefined })); // a network that can't be stopped
  const first = driver.search("traiteur");
  const second = driver.search("blanchisserie");
  asked[1].answer(answerOf("blanchisserie", { ids: ["b"] }));
  await second;
  asked[0].answer(answerOf("traiteur", { ids: ["t"] }));
  await first;
  equal(driver.state.results, [hit("b")]);
  equal(driver.state.status, "ready");
});

test("a late problem is dropped too", async () => {
  const { asked, load } = network();
  const driver = driverOn((url, given) => load(url, { ...given, signal: undefined }));
  const first = driver.search("a");
  const second = driver.search("b");
  asked[1].answer(answerOf("b"));
  asked[0].fail(new Problem("away"));
  await Promise.all([first, second]);
  equal(driver.state.status, "ready");
  equal(driver.state.problem, null);
});

test("a new question aborts the one before", async () => {
  const { asked, load } = network();
  const driver = driverOn(load);
  driver.search("a");
  driver.search("b");
  equal([asked[0].signal.aborted, asked[1].signal.aborted], [true, false]);
});

test("the same question within a minute is not asked again", async () => {
  let now = 0;
  const { asked, load } = network();
  const driver = driverOn(load, { cache: new Cache({ now: () => now }) });
  for (const time of [0, 59_999, 60_000]) {
    now = time;
    const done = driver.search("a");
    await soon();
    asked.at(-1)?.answer(answerOf("a", { ids: [String(asked.length)] }));
    await done;
  }
  equal(asked.length, 2);
  equal(driver.state.results, [hit("2")]);
});

test("the cache keeps what was used last", () => {
  const cache = new Cache({ size: 2 });
  cache.set("a", 1);
  cache.set("b", 2);
  cache.get("a");
  cache.set("c", 3);
  equal(["a", "b", "c"].map((key) => cache.get(key) ?? null), [1, null, 3]);
});

test("turns: only the latest is in time", () => {
  const turns = new Sequencer();
  const [first, second] = [turns.next(), turns.next()];
  equal([first.late(), second.late()], [true, false]);
  turns.cancel();
  equal(second.late(), true);
});

test("debounced: the last of a burst, once", async () => {
  const ran = [];
  await new Promise((resolve) => {
    const run = debounced((value) => { ran.push(value); resolve(); }, 5);
    for (const value of [1, 2, 3]) run(value);
  });
  equal(ran, [3]);
});

test("debounced: what is cancelled never runs", async () => {
  const ran = [];
  const run = debounced((value) => ran.push(value), 0);
  run("no");
  run.cancel();
  await soon();
  await soon();
  equal(ran, []);
});

test("an engine away is asked again, after pauses that grow, and no more than twice", async () => {
  const around = world(json(503));
  const error = await thrown(request("/x", { world: around }));
  equal([error.kind, around.seen.urls.length], ["away", 3]);
  equal(around.seen.waits, [400, 800]);
});

test("Retry-After is honoured", async () => {
  const around = world(json(503, {}, { "Retry-After": "5" }), json(200, { fine: true }));
  const told = [];
  equal(await request("/x", { world: around, onRetry: (problem, pause) => told.push([problem.kind, pause]) }), { fine: true });
  equal([around.seen.waits, told], [[5000], [["away", 5000]]]);
});

test("a wait too long is not waited for, it is told", async () => {
  const around = world(json(429, { title: "Trop de requêtes" }, { "Retry-After": "60" }));
  const error = await thrown(request("/x", { world: around }));
  equal([error.kind, error.retryAfter, error.title, around.seen.urls.length], ["limited", 60_000, "Trop de requêtes", 1]);
});

test("what another try can't mend is not tried again", async () => {
  for (const [status, kind] of [[403, "origin"], [400, "invalid"], [422, "invalid"], [414, "invalid"], [500, "failed"]]) {
    const around = world(json(status, { detail: "Corrigez." }));
    const error = await thrown(request("/x", { world: around }));
    equal([error.kind, error.detail, around.seen.urls.length], [kind, "Corrigez.", 1]);
  }
});

test("no network: offline when the browser knows, unreachable otherwise", async () => {
  const around = world(new TypeError("Failed to fetch"));
  equal((await thrown(request("/x", { world: around }))).kind, "unreachable");
  around.seen.online = false;
  equal((await thrown(request("/x", { world: around }))).kind, "offline");
});

test("a proxy's page instead of JSON is a problem like another", async () => {
  const around = world(new Response("<html>Bad gateway</html>", { status: 502 }));
  equal((await thrown(request("/x", { world: around }))).kind, "away");
});

test("an aborted request stops asking", async () => {
  const turn = new AbortController();
  const around = { ...world(json(503)), wait: async () => turn.abort() };
  const error = await thrown(request("/x", { signal: turn.signal, world: around }));
  equal([error.name, around.seen.urls.length], ["AbortError", 1]);
});

test("Retry-After as seconds, as a date, or as anything else", () => {
  const now = Date.parse("Wed, 21 Oct 2026 07:28:00 GMT");
  equal([null, "", "7", "Wed, 21 Oct 2026 07:28:30 GMT", "Wed, 21 Oct 2020 07:28:30 GMT", "soon"].map((one) => retryAfter(one, now)),
    [null, null, 7000, 30_000, 0, null]);
});

test("chance only shortens a pause, by half at most", () => {
  equal([0, 1].map((chance) => pauseAfter(new Problem("away"), 1, chance)), [200, 400]);
});

test("while another try is under way, its cause is told", async () => {
  const { asked, load } = network();
  const driver = driverOn(load);
  const done = driver.search("a");
  asked[0].onRetry(new Problem("away"), 400);
  equal([driver.state.status, driver.state.waiting.kind], ["loading", "away"]);
  asked[0].answer(answerOf("a"));
  await done;
  equal(driver.state.waiting, null);
});

test("a problem keeps the former answer, and another try starts over", async () => {
  const { asked, load } = network();
  const driver = driverOn(load);
  const one = driver.search("a");
  asked[0].answer(answerOf("a", { ids: ["x"] }));
  await one;
  const two = driver.search("b");
  asked[1].fail(new Problem("limited"));
  await two;
  equal([driver.state.status, driver.state.problem.kind, driver.state.answer.query.q], ["failed", "limited", "a"]);
  const three = driver.retry();
  asked[2].answer(answerOf("b", { ids: ["y"] }));
  await three;
  equal([driver.state.status, driver.state.problem, driver.state.results], ["ready", null, [hit("y")]]);
});

test("a fault of ours is not taken for a problem of the network", async () => {
  const driver = driverOn(async () => { throw new RangeError("a bug"); });
  equal((await thrown(driver.search("a"))).name, "RangeError");
});

test("more: the next page joins, facets are not counted again", async () => {
  const { asked, load } = network();
  const driver = driverOn(load, { facets: ["kind"] });
  const one = driver.search("a");
  asked[0].answer(answerOf("a", { ids: ["1", "2"], next: "/…", facets: { kind: [] } }));
  await one;
  const two = driver.more();
  equal(driver.state.status, "more");
  asked[1].answer(answerOf("a", { ids: ["3"] }));
  await two;
  equal(asked.map((each) => each.url), ["/api/v1/search?q=a&facets=kind", "/api/v1/search?q=a&facets=none&page=2"]);
  equal([driver.state.results.map((each) => each.id), driver.more()], [["1", "2", "3"], null]);
  equal(driver.state.answer.facets, { kind: [] });
});

test("more that fails can be asked again", async () => {
  const { asked, load } = network();
  const driver = driverOn(load);
  const one = driver.search("a");
  asked[0].answer(answerOf("a", { ids: ["1"], next: "/…" }));
  await one;
  const two = driver.more();
  asked[1].fail(new Problem("unreachable"));
  await two;
  equal([driver.state.status, driver.state.asked.page, driver.state.results.length], ["failed", 1, 1]);
});

test("another base is another question; words that the reader typed stay", async () => {
  const { asked, load } = network();
  const driver = driverOn(load, { base: { q: "traiteur", kind: "ESAT" } });
  driver.retry();
  driver.rebase({ q: "jardin", kind: "EI" });
  driver.search("vitres");
  driver.rebase({ q: "linge" });
  equal(asked.map((each) => each.url.split("?")[1]),
    ["q=traiteur&kind=ESAT&facets=none", "q=jardin&kind=EI&facets=none", "q=vitres&kind=EI&facets=none", "q=vitres&facets=none"]);
});

test("listeners hear each state until they leave", () => {
  const { load } = network();
  const driver = driverOn(load);
  const heard = [];
  const leave = driver.subscribe((state) => heard.push(state.asked.q));
  driver.search("a");
  leave();
  driver.search("b");
  equal(heard, ["a"]);
});

test("suggestions: the last prefix of a burst, in time only, and nothing below two letters", async () => {
  const { asked, load } = network();
  const shown = [];
  const suggest = new SuggestDriver({ api: "/api/v1/", base: { lang: "fr", key: "wk_x", kind: "EI" }, load, cache: new Cache(), show: (found, q) => shown.push([found, q]) });
  for (const q of ["l", "ly", "lyo", "lyon"]) suggest.type(q);
  while (!asked.length) await soon();
  equal(asked.map((each) => each.url), ["/api/v1/suggest?q=lyon&lang=fr&key=wk_x"]);
  asked[0].answer({ groups: ["Lyon"] });
  await soon();
  equal(shown.at(-1), [["Lyon"], "lyon"]);
  suggest.type("l");
  equal(shown.at(-1), [[], ""]);
});

test("suggestions: a problem is silence", async () => {
  const { asked, load } = network();
  const shown = [];
  const suggest = new SuggestDriver({ api: "/", load, cache: new Cache(), show: (found) => shown.push(found) });
  suggest.type("lyon");
  while (!asked.length) await soon();
  asked[0].fail(new Problem("limited"));
  await soon();
  equal(shown, [[]]);
});

const facetsOf = (...values) => ({ kind: values.map(([value, selected]) => ({ value, selected, count: 1, label: value })) });

test("a facet's value is chosen, then taken back", () => {
  const answer = answerOf("a", { facets: facetsOf(["EI", false], ["ESAT", false]) });
  const asked = query.toggle({}, query.start({ q: "a" }), answer, "kind", "EI");
  equal(asked, { q: "a", chosen: { kind: ["EI"] }, page: 1 });
  equal(query.toggle({}, asked, answer, "kind", "EI").chosen, {});
  equal(query.toggle({}, asked, answer, "kind", "ESAT").chosen, { kind: ["EI", "ESAT"] });
});

test("what the phrase chose leaves the phrase when a facet changes it", () => {
  const pieces = [piece("kind", "ESAT", [9, 14]), piece("kind", "EI", [14, 20])];
  const answer = answerOf("nettoyage ESAT ou EI", { pieces, facets: facetsOf(["EI", true], ["ESAT", true]) });
  const asked = query.toggle({}, query.start({ q: answer.query.q }), answer, "kind", "ESAT");
  equal(asked, { q: "nettoyage", chosen: { kind: ["EI"] }, page: 1 });
});

test("attributes bound what may be chosen", () => {
  const answer = answerOf("a", { facets: facetsOf(["EI", true], ["ESAT", true], ["EA", false]) });
  const open = (base) => query.choices(base, answer, "kind").map((one) => one.value);
  equal([open({}), open({ kind: "EI, ESAT" }), open({ kind: "EI" })], [["EI", "ESAT", "EA"], ["EI", "ESAT"], []]);
  const base = { kind: "EI,ESAT" };
  const asked = query.toggle(base, query.start(base), answer, "kind", "EI");
  equal(asked.chosen, { kind: ["EI"] });
  equal(query.toggle(base, asked, answer, "kind", "EI").chosen, {});
});

test("with its last place, a phrase loses its distance", () => {
  const pieces = [piece("radius", "30", [9, 18]), piece("place", "commune:69123", [18, 25])];
  const answer = answerOf("nettoyage à 30 km de Lyon", { pieces });
  equal(query.drop(query.start(answer.query), answer, pieces[1]).q, "nettoyage");
  equal(query.drop(query.start(answer.query), answer, pieces[0]).q, "nettoyage de Lyon");
});

test("offsets count characters, not halves of them", () => {
  equal(query.without("🍰🍰 ESAT gâteaux", [{ cut: [3, 8] }]), "🍰🍰 gâteaux");
});

test("addresses are canonical and encoded", () => {
  const asked = { q: " a&b ", chosen: { kind: ["EI", "ESAT"] }, page: 2 };
  equal(address("/s", query.pairs({ network: "unapei", near: "Saint-Étienne", radius: "30", per_page: "10" }, asked, ["kind"])),
    "/s?q=a%26b&kind=EI,ESAT&network=unapei&radius=30&near=Saint-%C3%89tienne&per_page=10&facets=kind&page=2");
});

test("the host's address: written, read back, others' parameters left alone", () => {
  const base = { q: "traiteur" };
  const asked = { q: "vitres", chosen: { kind: ["EI", "ESAT"] }, page: 1 };
  const href = query.writeAddress("https://site.example/page?id=7#top", "s.", base, asked);
  equal(href, "https://site.example/page?id=7&s.q=vitres&s.kind=EI%2CESAT#top");
  equal(query.readAddress(new URL(href).search, "s.", base), asked);
  equal(query.writeAddress(href, "s.", base, query.start(base)), "https://site.example/page?id=7#top");
  equal(query.readAddress("?id=7", "s.", base), query.start(base));
});

test("a reader who empties the box means it", () => {
  const href = query.writeAddress("https://site.example/", "s.", { q: "traiteur" }, { q: "", chosen: {}, page: 1 });
  equal(query.readAddress(new URL(href).search, "s.", { q: "traiteur" }).q, "");
});

test("pins that would cover each other stand side by side, the largest in its place", () => {
  const circles = [{ x: 0, y: 0, radius: 12 }, { x: 0, y: 0, radius: 12 }, { x: 5, y: 3, radius: 20 }, { x: 300, y: 0, radius: 12 }];
  const moved = spread(circles);
  equal([moved[2], moved[3]], [{ x: 0, y: 0 }, { x: 0, y: 0 }]);
  const places = circles.map((one, index) => ({ ...one, x: one.x + moved[index].x, y: one.y + moved[index].y }));
  for (const one of places) {
    for (const other of places) {
      if (one !== other) equal(Math.hypot(one.x - other.x, one.y - other.y) >= one.radius + other.radius, true);
    }
  }
});

test("a hundred pins at one point are all still there", () => {
  const moved = spread(Array.from({ length: 200 }, () => ({ x: 0, y: 0, radius: 12 })));
  equal([moved.length, moved.every(({ x, y }) => Math.hypot(x, y) <= 81)], [200, true]);
});
