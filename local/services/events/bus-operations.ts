/** Operations on buses, and PutEvents. */
import { testEventPattern } from "../../../engine/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import type { Bus } from "./bus-store.ts";
import { withAwsErrors } from "./engine-errors.ts";
import { BUS_NAME, busArn, busNameOf, checkName, DEFAULT_BUS, resourceOf } from "./names.ts";
import { paged } from "./paging.ts";
import type { EventsParts } from "./parts.ts";
import { putAuthorizations, putEvents } from "./put-events.ts";

type EventBridge = typeof import("@aws-sdk/client-eventbridge");

/** AWS's default quota. */
const MOST_BUSES = 100;

export function busOperations(parts: EventsParts): Operations<EventBridge> {
  const { home, buses, rules, router } = parts;
  const onBus = (name: string | undefined) => ({ resource: busArn(home, busNameOf(name)) });
  return {
    PutEvents: {
      authorize: ({ Entries = [] }) => putAuthorizations(home, Entries),
      handle: ({ Entries = [] }) => putEvents(home, buses, router, Entries),
    },
    TestEventPattern: {
      handle: ({ EventPattern = "", Event = "" }) => ({
        Result: withAwsErrors(() => testEventPattern(EventPattern, Event)),
      }),
    },
    CreateEventBus: {
      authorize: ({ Name }) => onBus(Name),
      handle({ Name, Description, DeadLetterConfig, KmsKeyIdentifier, Tags = [] }) {
        const name = checkName(Name, "name", 256, BUS_NAME);
        if (name.includes("/")) throw new AwsError("ValidationException", "Event bus name must not contain '/'.");
        if (buses.list().length >= MOST_BUSES)
          throw new AwsError("LimitExceededException", "The requested resource exceeds the maximum number allowed.");
        const settings = { Description, DeadLetterConfig, KmsKeyIdentifier };
        return { EventBusArn: buses.create(name, settings, tagsOf(Tags)).arn, Description };
      },
    },
    UpdateEventBus: {
      authorize: ({ Name }) => onBus(Name),
      handle({ Name, ...settings }) {
        const bus = buses.get(busNameOf(Name));
        buses.save({ ...bus, settings: { ...bus.settings, ...settings } });
        return { Arn: bus.arn, Name: bus.name };
      },
    },
    DeleteEventBus: {
      authorize: ({ Name }) => onBus(Name),
      handle({ Name }) {
        const name = busNameOf(Name);
        if (name === DEFAULT_BUS) throw new AwsError("ValidationException", "Cannot delete event bus default.");
        if (rules.list(name).length > 0)
          throw new AwsError("ValidationException", "Event bus can't be deleted since it has rules.");
        buses.remove(name);
        return {};
      },
    },
    DescribeEventBus: { authorize: ({ Name }) => onBus(Name), handle: ({ Name }) => shown(buses.get(busNameOf(Name))) },
    ListEventBuses: {
      handle({ NamePrefix = "", Limit, NextToken }) {
        const all = buses.list().filter(({ name }) => name.startsWith(NamePrefix));
        const { page, ...token } = paged(all, Limit, NextToken);
        return { EventBuses: page.map(shown), ...token };
      },
    },
    ListTagsForResource: {
      authorize: ({ ResourceARN = "" }) => ({ resource: ResourceARN }),
      handle({ ResourceARN }) {
        const { bus, rule } = resourceOf(ResourceARN);
        const tags = rule === undefined ? buses.get(bus).tags : rules.get(bus, rule).tags;
        return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
      },
    },
    TagResource: {
      authorize: ({ ResourceARN = "" }) => ({ resource: ResourceARN }),
      handle({ ResourceARN, Tags = [] }) {
        retag(parts, ResourceARN, (tags) => ({ ...tags, ...tagsOf(Tags) }));
        return {};
      },
    },
    UntagResource: {
      authorize: ({ ResourceARN = "" }) => ({ resource: ResourceARN }),
      handle({ ResourceARN, TagKeys = [] }) {
        retag(parts, ResourceARN, (tags) =>
          Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))),
        );
        return {};
      },
    },
  };
}

type Tags = Readonly<Record<string, string>>;

function retag({ buses, rules }: EventsParts, arn: string | undefined, change: (tags: Tags) => Tags): void {
  const { bus, rule } = resourceOf(arn);
  if (rule === undefined) {
    const found = buses.get(bus);
    buses.save({ ...found, tags: change(found.tags) });
  } else {
    const found = rules.get(bus, rule);
    rules.save({ ...found, tags: change(found.tags) });
  }
}

export function tagsOf(tags: readonly { Key?: string | undefined; Value?: string | undefined }[]): Tags {
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

function shown({ name, arn, settings, policy, createdMs, modifiedMs }: Bus) {
  return {
    Name: name,
    Arn: arn,
    ...settings,
    ...(policy === undefined ? {} : { Policy: JSON.stringify(policy) }),
    CreationTime: new Date(createdMs),
    LastModifiedTime: new Date(modifiedMs),
  };
}
