// A calendar on stdin, as ical.js reads it, in JSON on stdout: what a calendar program would show. Strict: a malformed line throws.
import { text as all } from "node:stream/consumers";
import ICAL from "./vendor/ical.js";

ICAL.design.strict = true;
// RFC 7986, which ical.js does not know, and what came before it: text, as a summary is
for (const name of ["name", "x-wr-calname"]) {
  ICAL.design.icalendar.property[name] = ICAL.design.icalendar.property.summary;
}
const calendar = new ICAL.Component(ICAL.parse(await all(process.stdin)));
const text = (component, name) => component.getFirstPropertyValue(name)?.toString() ?? null;

console.log(
  JSON.stringify({
    name: text(calendar, "name"),
    older_name: text(calendar, "x-wr-calname"),
    refresh: text(calendar, "refresh-interval"),
    events: calendar.getAllSubcomponents("vevent").map((component) => {
      const event = new ICAL.Event(component, { strictExceptions: true });
      return {
        uid: event.uid,
        sequence: event.sequence,
        start: event.startDate.toString(),
        end: event.endDate.toString(),
        all_day: event.startDate.isDate && event.endDate.isDate,
        summary: event.summary,
        description: event.description,
        status: text(component, "status"),
        transparency: text(component, "transp"),
        url: text(component, "url"),
        category: component.getFirstProperty("categories").getValues().join("|"),
        stamp: text(component, "dtstamp"),
        alarms: component.getAllSubcomponents("valarm").length,
      };
    }),
  }),
);
