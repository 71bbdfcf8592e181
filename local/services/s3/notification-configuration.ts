/**
 * Event notifications of a bucket: which events of which keys go to which queue, topic or function.
 * Kept in the SDK's own shape. https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
 */
import type { Event, FilterRule, NotificationConfiguration } from "@aws-sdk/client-s3";
import { AwsError } from "../../aws-error.ts";

/** One configuration, whatever its destination. */
export interface Notification {
  id: string;
  arn: string;
  events: readonly string[];
  prefix: string;
  suffix: string;
}

/** The events this home raises. Others S3 knows (tagging, restore, replication, …) have no cause here. */
const RAISED = [
  "s3:ObjectCreated:Put",
  "s3:ObjectCreated:Post",
  "s3:ObjectCreated:Copy",
  "s3:ObjectCreated:CompleteMultipartUpload",
  "s3:ObjectRemoved:Delete",
  "s3:ObjectRemoved:DeleteMarkerCreated",
  "s3:LifecycleExpiration:Delete",
  "s3:LifecycleExpiration:DeleteMarkerCreated",
] as const;
export type RaisedEvent = (typeof RAISED)[number];

const MOST_CONFIGURATIONS = 100;

/**
 * The configuration's notifications, checked; ids are made up where left out.
 * @throws AwsError InvalidArgument as S3 words it, NotImplemented for events without a cause here
 */
export function notificationsOf(configuration: NotificationConfiguration, newId: () => string): Notification[] {
  const given = [
    ...(configuration.TopicConfigurations ?? []).map((one) => ({ ...one, arn: one.TopicArn })),
    ...(configuration.QueueConfigurations ?? []).map((one) => ({ ...one, arn: one.QueueArn })),
    ...(configuration.LambdaFunctionConfigurations ?? []).map((one) => ({ ...one, arn: one.LambdaFunctionArn })),
  ];
  if (given.length > MOST_CONFIGURATIONS) {
    throw invalid(`A bucket takes at most ${MOST_CONFIGURATIONS} event notification configurations`);
  }
  const notifications = given.map(({ Id, Events, Filter, arn }) => ({
    id: Id ?? newId(),
    arn: checkArn(arn),
    events: checkEvents(Events),
    ...affixes(Filter?.Key?.FilterRules ?? []),
  }));
  for (const [index, one] of notifications.entries()) {
    if (notifications.slice(0, index).some((other) => overlap(one, other))) {
      throw invalid("Configurations overlap. Configurations on the same bucket cannot share a common event type.");
    }
  }
  return notifications;
}

/** The notifications an event of `key` is for. */
export function notified(notifications: readonly Notification[], event: RaisedEvent, key: string): Notification[] {
  return notifications.filter(
    ({ events, prefix, suffix }) =>
      key.startsWith(prefix) && key.endsWith(suffix) && events.some((wanted) => covers(wanted, event)),
  );
}

/** The notifications in the SDK's shape, as they are asked for and given. */
export function configurationOfNotifications(notifications: readonly Notification[]): NotificationConfiguration {
  const shown = (service: string, member: string) => {
    const own = notifications.filter(({ arn }) => arn.split(":")[2] === service);
    return own.map(({ id, arn, events, prefix, suffix }) => ({
      Id: id,
      [member]: arn,
      Events: events as Event[],
      ...(prefix === "" && suffix === "" ? {} : { Filter: { Key: { FilterRules: rulesOf(prefix, suffix) } } }),
    }));
  };
  const lists = {
    TopicConfigurations: shown("sns", "TopicArn"),
    QueueConfigurations: shown("sqs", "QueueArn"),
    LambdaFunctionConfigurations: shown("lambda", "LambdaFunctionArn"),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}

function rulesOf(prefix: string, suffix: string): FilterRule[] {
  const prefixes: FilterRule[] = prefix === "" ? [] : [{ Name: "prefix", Value: prefix }];
  return suffix === "" ? prefixes : [...prefixes, { Name: "suffix", Value: suffix }];
}

function checkArn(arn: string | undefined): string {
  if (arn !== undefined && /^arn:aws:(sns|sqs|lambda):/.test(arn)) return arn;
  throw invalid("The ARN could not be parsed");
}

function checkEvents(events: readonly string[] | undefined): readonly string[] {
  if (events === undefined || events.length === 0) throw invalid("The event list is empty");
  for (const event of events) {
    if (RAISED.some((raised) => covers(event, raised))) continue;
    const message = `bucket notifications of ${event} are not built in the embedded home; built: ${RAISED.join(", ")}`;
    throw new AwsError("NotImplemented", message, { status: 501 });
  }
  return events;
}

function affixes(rules: readonly FilterRule[]): { prefix: string; suffix: string } {
  const found = { prefix: "", suffix: "" };
  for (const { Name, Value } of rules) {
    const name = Name?.toLowerCase();
    if (name !== "prefix" && name !== "suffix") throw invalid("filter rule name must be either prefix or suffix");
    if (found[name] !== "") throw invalid(`Cannot specify more than one ${name} rule in a filter.`);
    found[name] = Value ?? "";
  }
  return found;
}

/** `s3:ObjectCreated:*` covers every event of its family. */
function covers(wanted: string, event: string): boolean {
  return wanted === event || (wanted.endsWith(":*") && event.startsWith(wanted.slice(0, -1)));
}

function overlap(one: Notification, other: Notification): boolean {
  const share = one.events.some((event) =>
    other.events.some((theirs) => covers(event, theirs) || covers(theirs, event)),
  );
  const prefixes = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
  return share && prefixes && (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix));
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidArgument", message);
}
