// What may be meant by a phrase in the making. No DOM.

import { CACHE, Sequencer, cached, debounced } from "./pace.js";
import { address, request } from "./request.js";

/** Suggestions as one types. A problem is silence: the search itself will say what is wrong. */
export class SuggestDriver {
  #turns = new Sequencer();
  #ask = debounced((q) => this.#fetch(q), SuggestDriver.PAUSE);

  /** Milliseconds without a keystroke: below what is felt, above a fast typist's pace. */
  static PAUSE = 60;
  static LEAST = 2;

  /** `show(groups, q)` is called with each answer that still counts. */
  constructor({ api, base = {}, show, load = request, cache = CACHE }) {
    Object.assign(this, { api, base, show, load, cache });
  }

  type(q) {
    this.#turns.cancel();
    if (q.trim().length < SuggestDriver.LEAST) return this.stop();
    return this.#ask(q);
  }

  stop() {
    this.#ask.cancel();
    this.#turns.cancel();
    this.show([], "");
  }

  async #fetch(q) {
    const turn = this.#turns.next();
    const held = ["types", "lang", "key"].filter((name) => this.base[name]).map((name) => [name, this.base[name]]);
    const url = address(`${this.api}suggest`, [["q", q], ...held]);
    try {
      const answer = await cached(this, url, { signal: turn.signal });
      if (!turn.late()) this.show(answer.groups, q);
    } catch (problem) {
      if (!turn.late()) this.show([], q);
    }
  }
}
