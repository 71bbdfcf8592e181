import { describeKills } from "./kill-journey.ts";

describeKills(20, 300_000);
