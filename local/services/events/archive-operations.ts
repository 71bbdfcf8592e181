/** Operations on archives and replays. */
import { parsePattern } from "../../../engine/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import type { Archive } from "./archives.ts";
import { withAwsErrors } from "./engine-errors.ts";
import { archiveArn, archiveNameOf, busArn, busNameOf, checkName, replayArn } from "./names.ts";
import { paged } from "./paging.ts";
import type { EventsParts } from "./parts.ts";
import type { Replay } from "./replays.ts";

type EventBridge = typeof import("@aws-sdk/client-eventbridge");

export function archiveOperations(parts: EventsParts): Operations<EventBridge> {
  const { home, archives, buses } = parts;
  const onArchive = ({ ArchiveName = "" }) => ({ resource: archiveArn(home, ArchiveName) });
  return {
    CreateArchive: {
      authorize: onArchive,
      handle(input) {
        const name = checkName(input.ArchiveName, "archiveName", 48);
        if (archives.find(name))
          throw new AwsError("ResourceAlreadyExistsException", `Archive ${name} already exists.`);
        const bus = buses.get(busNameOf(input.EventSourceArn)).name;
        checkPattern(input.EventPattern);
        const createdMs = home.clock.now();
        archives.save({
          name,
          bus,
          pattern: input.EventPattern,
          description: input.Description,
          retentionDays: input.RetentionDays ?? 0,
          createdMs,
        });
        return { ArchiveArn: archiveArn(home, name), State: "ENABLED", CreationTime: new Date(createdMs) };
      },
    },
    UpdateArchive: {
      authorize: onArchive,
      handle(input) {
        const archive = archives.get(input.ArchiveName ?? "");
        checkPattern(input.EventPattern);
        archives.save({
          ...archive,
          pattern: input.EventPattern ?? archive.pattern,
          description: input.Description ?? archive.description,
          retentionDays: input.RetentionDays ?? archive.retentionDays,
        });
        return {
          ArchiveArn: archiveArn(home, archive.name),
          State: "ENABLED",
          CreationTime: new Date(archive.createdMs),
        };
      },
    },
    DeleteArchive: {
      authorize: onArchive,
      handle({ ArchiveName = "" }) {
        archives.remove(archives.get(ArchiveName));
        return {};
      },
    },
    DescribeArchive: {
      authorize: onArchive,
      handle({ ArchiveName = "" }) {
        const archive = archives.get(ArchiveName);
        const { pattern, description, name } = archive;
        return {
          ...shownArchive(parts, archive),
          ArchiveArn: archiveArn(home, name),
          EventPattern: pattern,
          Description: description,
        };
      },
    },
    ListArchives: {
      handle({ NamePrefix = "", EventSourceArn, State, Limit, NextToken }) {
        const bus = EventSourceArn && busNameOf(EventSourceArn);
        const all = archives
          .list()
          .filter((archive) => archive.name.startsWith(NamePrefix) && (!bus || archive.bus === bus))
          .filter(() => State === undefined || State === "ENABLED");
        const { page, ...token } = paged(all, Limit, NextToken);
        return { Archives: page.map((archive) => shownArchive(parts, archive)), ...token };
      },
    },
    ...replayOperations(parts),
  };
}

function replayOperations(parts: EventsParts): Operations<EventBridge> {
  const { home, archives, replays } = parts;
  const onReplay = ({ ReplayName = "" }) => ({ resource: replayArn(home, ReplayName) });
  return {
    StartReplay: {
      authorize: ({ EventSourceArn = "" }) => ({ resource: EventSourceArn }),
      handle(input) {
        const name = checkName(input.ReplayName, "replayName", 64);
        const archive = archives.get(archiveNameOf(input.EventSourceArn));
        const bus = busNameOf(input.Destination?.Arn);
        if (bus !== archive.bus) {
          throw new AwsError(
            "ValidationException",
            "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
          );
        }
        const fromMs = input.EventStartTime?.getTime() ?? 0;
        const toMs = input.EventEndTime?.getTime() ?? 0;
        if (toMs <= fromMs) {
          throw new AwsError(
            "ValidationException",
            "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
          );
        }
        const request = {
          description: input.Description,
          archive: archive.name,
          fromMs,
          toMs,
          bus,
          ruleArns: input.Destination?.FilterArns,
        };
        const replay = replays.begin(name, request);
        return { ReplayArn: replayArn(home, name), State: replay.state, ReplayStartTime: new Date(replay.startedMs) };
      },
    },
    DescribeReplay: {
      authorize: onReplay,
      handle: ({ ReplayName = "" }) => shownReplay(parts, replays.get(ReplayName)),
    },
    ListReplays: {
      handle({ NamePrefix = "", State, EventSourceArn, Limit, NextToken }) {
        const archive = EventSourceArn && archiveNameOf(EventSourceArn);
        const all = replays
          .list()
          .filter(({ name, state }) => name.startsWith(NamePrefix) && (State === undefined || state === State))
          .filter(({ request }) => !archive || request.archive === archive);
        const { page, ...token } = paged(all, Limit, NextToken);
        return { Replays: page.map((replay) => shownReplay(parts, replay)), ...token };
      },
    },
    CancelReplay: {
      authorize: onReplay,
      handle({ ReplayName = "" }) {
        const { state } = replays.cancel(ReplayName);
        return { ReplayArn: replayArn(home, ReplayName), State: state };
      },
    },
  };
}

function checkPattern(pattern: string | undefined): void {
  if (pattern) withAwsErrors(() => parsePattern(pattern));
}

function shownArchive({ home, archives }: EventsParts, { name, bus, retentionDays, createdMs }: Archive) {
  const { events, bytes } = archives.sizes(name);
  return {
    ArchiveName: name,
    EventSourceArn: busArn(home, bus),
    State: "ENABLED" as const,
    RetentionDays: retentionDays,
    SizeBytes: bytes,
    EventCount: events,
    CreationTime: new Date(createdMs),
  };
}

function shownReplay({ home }: EventsParts, { name, request, state, startedMs, endedMs }: Replay) {
  const { archive, fromMs, toMs, bus, ruleArns, description } = request;
  return {
    ReplayName: name,
    ReplayArn: replayArn(home, name),
    ...(description === undefined ? {} : { Description: description }),
    State: state,
    EventSourceArn: archiveArn(home, archive),
    Destination: { Arn: busArn(home, bus), ...(ruleArns ? { FilterArns: [...ruleArns] } : {}) },
    EventStartTime: new Date(fromMs),
    EventEndTime: new Date(toMs),
    ReplayStartTime: new Date(startedMs),
    ...(endedMs === undefined ? {} : { ReplayEndTime: new Date(endedMs) }),
  };
}
