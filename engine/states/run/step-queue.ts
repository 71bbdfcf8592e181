/** The frames that can step, in the order they became able to: a ring, since most runs hold one frame at a time. */
import type { Action, Frame } from "./frame.ts";

export type Step = Readonly<{ frame: Frame; action: Action }>;

const FIRST_SIZE = 8;

export class StepQueue {
  #frames: (Frame | undefined)[] = new Array(FIRST_SIZE).fill(undefined);
  #actions: Action[] = new Array(FIRST_SIZE).fill("enter");
  #head = 0;
  #length = 0;
  /** Of the frame that `shift` gave last. */
  action: Action = "enter";

  get length(): number {
    return this.#length;
  }

  push(frame: Frame, action: Action): void {
    if (this.#length === this.#frames.length) this.#grow();
    const at = (this.#head + this.#length) & (this.#frames.length - 1);
    this.#frames[at] = frame;
    this.#actions[at] = action;
    this.#length += 1;
  }

  /** The next frame; what it is to do stands in `action`. */
  shift(): Frame | undefined {
    if (this.#length === 0) return undefined;
    const at = this.#head;
    const frame = this.#frames[at];
    this.action = this.#actions[at] ?? "enter";
    this.#frames[at] = undefined;
    this.#head = (at + 1) & (this.#frames.length - 1);
    this.#length -= 1;
    return frame;
  }

  clear(): void {
    this.#frames.fill(undefined);
    this.#length = 0;
  }

  waiting(): readonly Step[] {
    const steps: Step[] = [];
    for (let index = 0; index < this.#length; index += 1) {
      const at = (this.#head + index) & (this.#frames.length - 1);
      const frame = this.#frames[at];
      if (frame !== undefined) steps.push({ frame, action: this.#actions[at] ?? "enter" });
    }
    return steps;
  }

  /** The size stays a power of two, so that a mask wraps around. */
  #grow(): void {
    const steps = this.waiting();
    const rest = new Array(this.#frames.length).fill(undefined);
    this.#frames = [...steps.map(({ frame }) => frame), ...rest];
    this.#actions = [...steps.map(({ action }) => action), ...rest.map(() => "enter" as const)];
    this.#head = 0;
  }
}
