// When to ask, and which answer still counts. No DOM.

/** Turns: a new one aborts the one before, whose answer, should it still come, is late. */
export class Sequencer {
  #current = null;

  /** {signal, late()} of a new turn. */
  next() {
    this.cancel();
    const turn = new AbortController();
    this.#current = turn;
    return { signal: turn.signal, late: () => turn !== this.#current };
  }

  cancel() {
    this.#current?.abort();
    this.#current = null;
  }
}

/** `run`, `milliseconds` after the last call; `.cancel()` forgets the call that waits. */
export function debounced(run, milliseconds) {
  let timer;
  const call = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...given), milliseconds);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}

/** The answers asked for last, each for a minute, as the API's own Cache-Control has it. */
export class Cache {
  #held = new Map();

  constructor({ size = 60, maxAge = 60_000, now = Date.now } = {}) {
    Object.assign(this, { size, maxAge, now });
  }

  get(key) {
    const found = this.#held.get(key);
    if (!found) return undefined;
    this.#held.delete(key);
    if (this.now() - found.at >= this.maxAge) return undefined;
    this.#held.set(key, found); // the most recently used is the last to go
    return found.value;
  }

  set(key, value) {
    this.#held.delete(key);
    this.#held.set(key, { value, at: this.now() });
    if (this.#held.size > this.size) this.#held.delete(this.#held.keys().next().value);
  }
}

/** Shared by all searches of a page. */
export const CACHE = new Cache();

/** The answer that is held, else a new one, which is held from then on. */
export async function cached({ cache, load }, url, given) {
  const held = cache.get(url);
  if (held) return held;
  const answer = await load(url, given);
  cache.set(url, answer);
  return answer;
}
