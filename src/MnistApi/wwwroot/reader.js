import { predict } from "./api.js";

/**
 * Has the board read as it changes. One request is under way at a time; what changed meanwhile is sent once it is answered, and only the
 * latest. Fires "begin" whenever there is something new to read, and then "answer", "refusal" with the error, or "empty"; after each of
 * these three "digit", as it does when another digit is chosen.
 */
export class Reader extends EventTarget {
  #board;
  #isBusy = false;
  #isStale = false;
  #chosen = 0;
  latest = null; // { number, probability, digits, png }, null where nothing is read

  constructor(board) {
    super();
    this.#board = board;
    board.addEventListener("change", () => this.#read());
  }

  get chosen() {
    return this.#chosen;
  }

  /** The chosen digit of the number, null where nothing is read. */
  get digit() {
    return this.latest?.digits[this.#chosen] ?? null;
  }

  choose(index) {
    this.#chosen = index;
    this.dispatchEvent(new Event("digit"));
  }

  async #read() {
    this.#isStale = true;
    if (!this.#board.isEmpty)
      this.dispatchEvent(new Event("begin"));
    if (this.#isBusy)
      return;
    this.#isBusy = true;
    while (this.#isStale) {
      this.#isStale = false;
      await new Promise(requestAnimationFrame); // changes of one frame are read together
      await this.#readOnce();
    }
    this.#isBusy = false;
  }

  async #readOnce() {
    if (this.#board.isEmpty) {
      this.#show(null, new Event("empty"));
      return;
    }
    try {
      const png = await this.#board.toPng();
      const { number, probability, digits } = await predict(png);
      if (this.#board.isEmpty)
        return;
      this.#show({ number, probability, digits, png }, new Event("answer"));
    } catch (error) {
      this.#show(null, new CustomEvent("refusal", { detail: error }));
    }
  }

  #show(latest, event) {
    if (latest?.digits.length !== this.latest?.digits.length)
      this.#chosen = 0;
    this.latest = latest;
    this.dispatchEvent(event);
    this.dispatchEvent(new Event("digit"));
  }
}
