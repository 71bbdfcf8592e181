/** What an endpoint gives for a row, by the kind its model declares: how it is read, what it must be, how good it is. */
import * as z from "zod/mini";
import { auc } from "./auc.ts";

/** What `serve.answers` of a model's definition may be. */
export const Answers = z.enum(["probability", "number", "label"]);
type Answers = z.infer<typeof Answers>;

/** Held-out rows' labels, and which of them a probability is of. */
interface Truth {
  labels: readonly string[];
  positive: string | undefined;
}
export interface Quality {
  metric: string;
  value: number;
}

interface AnswerKind {
  /** One of them, in words. */
  name: string;
  /** The answers in a response of the endpoint. */
  split: (body: string) => string[];
  isOne: (text: string) => boolean;
  /** Undefined where the held-out rows do not tell. */
  quality: (answers: readonly string[], truth: Truth) => Quality | undefined;
}

const values = (body: string) => body.trim().split(/[\s,]+/);

export const answerKinds: Readonly<Record<Answers, AnswerKind>> = {
  probability: {
    name: "probability from 0 to 1",
    split: values,
    isOne: (text) => Number(text) >= 0 && Number(text) <= 1,
    quality(answers, { labels, positive }) {
      const area = auc(
        answers.map(Number),
        labels.map((label) => label === positive),
      );
      return area === undefined ? undefined : { metric: "auc", value: area };
    },
  },
  number: {
    name: "number",
    split: values,
    isOne: (text) => text !== "" && Number.isFinite(Number(text)),
    // What is a good number only the model's own evaluation knows.
    quality: () => undefined,
  },
  label: {
    name: "label",
    // A label may hold spaces and commas.
    split: (body) => body.replace(/\r?\n$/, "").split(/\r?\n/),
    isOne: (text) => text !== "",
    quality(answers, { labels }) {
      const right = answers.filter((answer, row) => answer === labels[row]).length;
      return { metric: "accuracy", value: right / labels.length };
    },
  },
};
