// The search without a face: what is asked, what came, what went wrong. No DOM, no framework; a widget or a page
// subscribes and shows.

import { CACHE, Sequencer, cached } from "./pace.js";
import { choose, drop, facetsOf, pairs, start, toggle } from "./query.js";
import { address, request } from "./request.js";

/** Parameters that tell how an answer is listed, which other endpoints don't know. */
const LISTING = new Set(["facets", "per_page", "sort", "profile"]);

/**
 * `state`: {status, asked, answer, results, problem, waiting}.
 * `status`: idle, loading, more (loading), ready or failed. `answer`: the last one, still there while the next loads.
 * `results`: of all pages loaded. `waiting`: the problem after which another try is under way, or null.
 */
export class SearchDriver {
  #listeners = new Set();
  #turns = new Sequencer();

  /** `api`: the address that ends in /api/v1/. `load(url, {signal, onRetry})` → JSON or a Problem. */
  constructor({ api, base = {}, facets = [], asked = null, load = request, cache = CACHE }) {
    Object.assign(this, { api, base, facets, load, cache });
    this.state = { status: "idle", asked: asked || start(base), answer: null, results: [], problem: null, waiting: null };
  }

  /** Calls `listener(state)` at each change; returns what ends it. */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  search(q) { return this.ask({ ...this.state.asked, q, page: 1 }); }
  choose(parameter, values, q = this.state.asked.q) { return this.ask({ ...choose(this.state.asked, parameter, values), q }); }
  toggle(facet, value) { return this.ask(toggle(this.base, this.state.asked, this.state.answer, facet, value)); }
  drop(piece) { return this.ask(drop(this.state.asked, this.state.answer, piece)); }
  clear() { return this.ask({ q: "", chosen: {}, page: 1 }); }
  retry() { return this.ask(this.state.asked); }

  /** The next page, after those that are shown. */
  more() {
    const { asked, answer, status } = this.state;
    return status === "ready" && answer.links.next ? this.ask({ ...asked, page: asked.page + 1 }) : null;
  }

  /** Another base: the author of the page changed an attribute. */
  rebase(base, facets = this.facets) {
    const said = this.state.asked.q === (this.base.q || "") ? base.q || "" : this.state.asked.q;
    Object.assign(this, { base, facets });
    return this.ask({ ...this.state.asked, q: said, page: 1 });
  }

  /** Stop listening to what is under way. */
  stop() { this.#turns.cancel(); }

  /** Address of another endpoint for the same search: `map`, say. */
  address(endpoint, more = {}) {
    const same = pairs(this.base, { ...this.state.asked, page: 1 }).filter(([name]) => !LISTING.has(name));
    return address(this.api + endpoint, [...same, ...Object.entries(more)]);
  }

  /** Address of one supplier's profile. */
  profile(id) {
    const held = ["lang", "key"].filter((name) => this.base[name]).map((name) => [name, this.base[name]]);
    return address(`${this.api}suppliers/${encodeURIComponent(id)}`, held);
  }

  async ask(asked) {
    const turn = this.#turns.next();
    const further = asked.page > 1;
    const url = address(`${this.api}search`, pairs(this.base, asked, further ? [] : facetsOf(this.facets, asked)));
    this.#show({ status: further ? "more" : "loading", asked, problem: null, waiting: null });
    try {
      const onRetry = (waiting) => { if (!turn.late()) this.#show({ waiting }); };
      const answer = await cached(this, url, { signal: turn.signal, onRetry });
      if (!turn.late()) this.#show(this.#arrived(answer, further));
    } catch (problem) {
      if (turn.late()) return;
      if (!problem.kind) throw problem;
      const back = further ? { ...asked, page: asked.page - 1 } : asked;
      this.#show({ status: "failed", asked: back, problem, waiting: null });
    }
  }

  #arrived(answer, further) {
    const { results, answer: first } = this.state;
    return {
      status: "ready",
      waiting: null,
      // Facets and the reading of the phrase came with the first page; the link to the next with the last.
      answer: further ? { ...first, links: answer.links } : answer,
      results: further ? [...results, ...answer.results] : answer.results,
    };
  }

  #show(changes) {
    this.state = { ...this.state, ...changes };
    for (const listener of this.#listeners) listener(this.state);
  }
}
