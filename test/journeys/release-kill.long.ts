import { describeReleaseKills } from "./release-kill-journey.ts";

describeReleaseKills(100, 3_600_000);
