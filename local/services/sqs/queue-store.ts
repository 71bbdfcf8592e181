/** The queues themselves: names, attributes, tags. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { ownJson, type Row, type Statement } from "../../store/index.ts";
import type { QueueAttributes } from "./queue-attributes.ts";
import { withAttributes } from "./queue-attributes.ts";

export interface Queue {
  readonly name: string;
  readonly fifo: boolean;
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

const NAME = /^[A-Za-z0-9_-]{1,80}$/;

export class QueueStore {
  readonly #home: HomePorts;
  readonly #select: Statement;
  readonly #list: Statement;
  readonly #write: Statement;
  readonly #remove: Statement;
  readonly #cache = new Map<string, Queue>();

  constructor(home: HomePorts) {
    this.#home = home;
    this.#select = home.store.prepare("SELECT * FROM sqs_queues WHERE name = ?");
    this.#list = home.store.prepare("SELECT * FROM sqs_queues ORDER BY name");
    this.#write = home.store.prepare(
      `INSERT INTO sqs_queues VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET attributes = excluded.attributes, tags = excluded.tags, modified_ms = excluded.modified_ms`,
    );
    this.#remove = home.store.prepare("DELETE FROM sqs_queues WHERE name = ?");
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.#home.region}:${this.#home.accountId}:${name}`;
  }

  urlOf(name: string): string {
    return `${this.#home.endpointUrl().replace(/\/$/, "")}/${this.#home.accountId}/${name}`;
  }

  find(name: string): Queue | undefined {
    const known = this.#cache.get(name);
    if (known) return known;
    const row = this.#select.get(name);
    if (row === undefined) return undefined;
    const queue = fromRow(row);
    this.#cache.set(name, queue);
    return queue;
  }

  /** The queue of a URL, an ARN or a name. @throws AwsError QueueDoesNotExist */
  get(reference: string | undefined): Queue {
    const queue = this.find(nameOf(reference));
    if (queue === undefined) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
    return queue;
  }

  list(): Queue[] {
    return this.#list.all().map(fromRow);
  }

  /** Makes a queue; the same attributes again change nothing. @throws AwsError QueueNameExists, InvalidParameterValue */
  create(
    name: string,
    given: Readonly<Record<string, string | undefined>>,
    tags: Readonly<Record<string, string>>,
  ): Queue {
    const attributes = withAttributes({}, given);
    const fifo = attributes.FifoQueue === "true";
    if (!NAME.test(fifo ? name.replace(/\.fifo$/, "") : name) || (fifo && !name.endsWith(".fifo"))) {
      const ending = fifo ? " The name of a FIFO queue must end with .fifo." : "";
      throw new AwsError(
        "InvalidParameterValue",
        `Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.${ending}`,
      );
    }
    const existing = this.find(name);
    if (existing) {
      const same = Object.entries(attributes).every(([key, value]) => existing.attributes[key] === value);
      if (same) return existing;
      throw new AwsError(
        "QueueNameExists",
        "A queue already exists with the same name and a different value for an attribute.",
      );
    }
    const now = this.#home.clock.now();
    return this.#save({ name, fifo, attributes, tags, createdMs: now, modifiedMs: now });
  }

  setAttributes(queue: Queue, given: Readonly<Record<string, string | undefined>>): Queue {
    return this.#save({
      ...queue,
      attributes: withAttributes(queue.attributes, given),
      modifiedMs: this.#home.clock.now(),
    });
  }

  setTags(queue: Queue, tags: Readonly<Record<string, string>>): Queue {
    return this.#save({ ...queue, tags });
  }

  remove(queue: Queue): void {
    this.#remove.run(queue.name);
    this.#cache.delete(queue.name);
    this.#home.policies.invalidate();
  }

  #save(queue: Queue): Queue {
    this.#write.run(
      queue.name,
      JSON.stringify(queue.attributes),
      JSON.stringify(queue.tags),
      queue.createdMs,
      queue.modifiedMs,
    );
    this.#cache.set(queue.name, queue);
    this.#home.policies.invalidate();
    return queue;
  }
}

/** The queue's name in a URL, an ARN or by itself. */
export function nameOf(reference: string | undefined): string {
  return reference?.split(/[/:]/).at(-1) ?? "";
}

function fromRow(row: Row): Queue {
  const attributes = ownJson<QueueAttributes>(row.attributes);
  return {
    name: String(row.name),
    fifo: attributes.FifoQueue === "true",
    attributes,
    tags: ownJson(row.tags),
    createdMs: Number(row.created_ms),
    modifiedMs: Number(row.modified_ms),
  };
}
