import { Upgrade } from "./upgrade";

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** Adds the exact time in the reader's zone to a relative one, on hover. */
export class LocalTime extends Upgrade {
  upgrade(): void {
    const time = this.querySelector("time");
    const at = new Date(time?.dateTime ?? "");
    if (time && !Number.isNaN(at.getTime())) time.title = exact.format(at);
  }
}
