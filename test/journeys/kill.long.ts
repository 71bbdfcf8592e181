import { describeKills } from "./kill-journey.ts";

describeKills(200, 3_600_000);
