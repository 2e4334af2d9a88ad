// A window of time as people say it, on the clocks of Paris: « mardi 24 novembre, entre 12 h 30 et 14 h ».
import { language, say, type Table } from "./i18n";

export const window_sentences = {
  same_day: ["{day}, entre {from} et {until}", "{day}, between {from} and {until}"],
  two_days: ["du {first} à {from} au {last} à {until}", "from {first} at {from} to {last} at {until}"],
  moment: ["{day} à {time}", "{day} at {time}"],
  today: ["aujourd'hui", "today"],
  tomorrow: ["demain, {day}", "tomorrow, {day}"],
  in_paris: ["{words} (heure de Paris)", "{words} (Paris time)"],
} as const satisfies Table;

const zone = "Europe/Paris";
const day_ms = 86_400_000;

interface Clock { year: string; date: string; hour: string; minute: string }

function clock_of(time: number, timeZone: string | undefined): Clock {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const of = Object.fromEntries(format.formatToParts(time).map((p) => [p.type, p.value]));
  return { year: of["year"]!, date: `${of["year"]}-${of["month"]}-${of["day"]}`, hour: of["hour"]!, minute: of["minute"]! };
}

function hour_words(time: number): string {
  const { hour, minute } = clock_of(time, zone);
  if (language() === "en") return `${hour}:${minute}`;
  return `${Number(hour)}\u00a0h${minute === "00" ? "" : `\u00a0${minute}`}`;
}

// The year only when it is not this one: nobody says it.
function date_words(time: number, now: number): string {
  const year = clock_of(time, zone).year === clock_of(now, zone).year ? undefined : "numeric";
  const words = new Intl.DateTimeFormat(language() === "fr" ? "fr-FR" : "en-GB", { timeZone: zone, weekday: "long", day: "numeric", month: "long", year }).format(time).replace(/,/g, "");
  return language() === "fr" ? words.replace(" 1 ", " 1er ") : words;
}

function day_words(time: number, now: number): string {
  const date = clock_of(time, zone).date;
  if (date === clock_of(now, zone).date) return say(window_sentences.today);
  if (date === clock_of(now + day_ms, zone).date) return say(window_sentences.tomorrow, { day: date_words(time, now) });
  return date_words(time, now);
}

// A practice overseas reads other clocks on its wall: then the words say whose these are.
const elsewhere = (time: number): boolean => JSON.stringify(clock_of(time, undefined)) !== JSON.stringify(clock_of(time, zone));
const placed = (words: string, time: number): string => (elsewhere(time) ? say(window_sentences.in_paris, { words }) : words);

export function window_words(from: string, until: string, now: number): string {
  const [first, last] = [Date.parse(from), Date.parse(until)];
  const hours = { from: hour_words(first), until: hour_words(last) };
  const words = clock_of(first, zone).date === clock_of(last, zone).date
    ? say(window_sentences.same_day, { day: day_words(first, now), ...hours })
    : say(window_sentences.two_days, { first: date_words(first, now), last: date_words(last, now), ...hours });
  return placed(words, first);
}

export const moment_words = (time: string, now: number): string =>
  placed(say(window_sentences.moment, { day: day_words(Date.parse(time), now), time: hour_words(Date.parse(time)) }), Date.parse(time));

export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
