// One JSON answer from the API, or one honest problem. No DOM: the network, the clock and chance can be given.

const ATTEMPTS = 3;
const FIRST_PAUSE = 400;
/** Milliseconds. A server that asks to wait longer is not waited for: people are told, and choose. */
const LONGEST_PAUSE = 6_000;
const TIME_LIMIT = 15_000;
const KINDS = { 403: "origin", 408: "away", 429: "limited", 502: "away", 503: "away", 504: "away" };
/** Problems that may be over a moment later. */
const PASSING = new Set(["away", "limited", "unreachable"]);

/**
 * `kind`: offline, unreachable, limited, origin, away, invalid or failed. `title` and `detail` are the server's words
 * in the reader's language, or "". `retryAfter`: milliseconds that the server asks for, or null.
 */
export class Problem extends Error {
  constructor(kind, { title = "", detail = "", errors = [], retryAfter = null } = {}) {
    super(detail || title || kind);
    Object.assign(this, { kind, title, detail, errors, retryAfter });
  }
}

const WORLD = {
  fetch: (...given) => fetch(...given),
  online: () => navigator.onLine !== false,
  random: Math.random,
  wait: (milliseconds, signal) => new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  }),
};

/** Commas and colons stay readable, as in the API's own links. */
export function address(path, given) {
  const text = given.map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":")}`);
  return text.length ? `${path}?${text.join("&")}` : path;
}

/**
 * The answer's JSON. Tries again what may pass, after a pause that grows, or that the server asks for. Throws a
 * Problem, or the signal's reason when it is aborted. `onRetry(problem, milliseconds)` is told of each pause.
 */
export async function request(url, { signal, onRetry = () => {}, world = {} } = {}) {
  const around = { ...WORLD, ...world };
  for (let turn = 1; ; turn += 1) {
    try {
      return await ask(url, signal, around);
    } catch (problem) {
      signal?.throwIfAborted();
      const pause = pauseAfter(problem, turn, around.random());
      if (pause === null) throw problem;
      onRetry(problem, pause);
      await around.wait(pause, signal);
    }
  }
}

/** Milliseconds before the next try; null when it would be pointless, too late, or one too many. */
export function pauseAfter(problem, turn, chance) {
  if (turn >= ATTEMPTS || !PASSING.has(problem.kind)) return null;
  if (problem.retryAfter !== null) return problem.retryAfter <= LONGEST_PAUSE ? problem.retryAfter : null;
  return Math.round(FIRST_PAUSE * 2 ** (turn - 1) * (0.5 + chance / 2));
}

/** Milliseconds of a Retry-After header (seconds, or a date), or null. */
export function retryAfter(header, now = Date.now()) {
  if (!header) return null;
  const seconds = Number(header);
  const milliseconds = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null;
}

async function ask(url, signal, { fetch, online }) {
  const slow = new AbortController();
  const stop = () => slow.abort(signal.reason);
  const timer = setTimeout(() => slow.abort(new Problem("away")), TIME_LIMIT);
  signal?.throwIfAborted();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const response = await fetch(url, { signal: slow.signal, credentials: "omit", headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : await refused(response);
  } catch (error) {
    if (slow.signal.aborted) throw slow.signal.reason;
    if (error instanceof Problem) throw error;
    throw new Problem(online() ? "unreachable" : "offline");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** Problem details (RFC 9457), or whatever a proxy in between answers. */
async function refused(response) {
  const said = await response.json().catch(() => ({}));
  const kind = KINDS[response.status] ?? (response.status < 500 ? "invalid" : "failed");
  throw new Problem(kind, { ...said, retryAfter: retryAfter(response.headers.get("Retry-After")) });
}
