import { predict } from "./api.js";

/**
 * Has the board read as it changes. One request is under way at a time; what changed meanwhile is sent once it is answered, and only the
 * latest. Fires "answer" with the prediction, "refusal" with the error, "empty" when there is nothing to read.
 */
export class Reader extends EventTarget {
  #board;
  #isBusy = false;
  #isStale = false;
  latest = null; // the last prediction

  constructor(board) {
    super();
    this.#board = board;
    board.addEventListener("change", () => this.#read());
  }

  async #read() {
    this.#isStale = true;
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
      this.dispatchEvent(new Event("empty"));
      return;
    }
    try {
      const prediction = await predict(await this.#board.toPng());
      if (this.#board.isEmpty)
        return;
      this.latest = prediction;
      this.dispatchEvent(new CustomEvent("answer", { detail: prediction }));
    } catch (error) {
      this.dispatchEvent(new CustomEvent("refusal", { detail: error }));
    }
  }
}
