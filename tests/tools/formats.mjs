// Holds every document of an exported folder against the rules of its own format, with checkers of others. Prints one
// JSON object: `checked` counts documents by kind, `faults` says what is wrong. A file that nobody here knows is a fault.

import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { SourceTextModule } from "node:vm";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from "feedsmith";
import ICAL from "ical.js";

const { validateXML, memoryPages } = createRequire(import.meta.url)("xmllint-wasm");
const schema = (name) => readFileSync(new URL(`schemas/${name}`, import.meta.url), "utf8");

const faults = [];
const checked = {};
/** Documents of XML that wait to be read together, by the schema that they are held against. */
const waiting = { cap: [], atom: [], plain: [] };

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
addFormats(ajv);
const isJsonFeed = ajv.compile(JSON.parse(schema("json-feed-1.1.json")));
ajv.addSchema(JSON.parse(schema("statuspage.json")));
const statuspage = (file) => ajv.getSchema(`https://hysbys.example/statuspage#/$defs/${file.replaceAll("/", "~1")}`);

/** What is wrong with a document, as a list of words. */
const say = (path, said) => said.forEach((words) => faults.push(`${path}: ${words}`));
const valid = (path, check, value) =>
  check(value) || say(path, check.errors.map((one) => `${one.instancePath || "/"} ${one.message}`));
const must = (path, holds, words) => holds || say(path, [words]);
const isUnique = (list) => new Set(list).size === list.length;
const isAbsolute = (url) => URL.canParse(url) && /^https?:/.test(url);

function atom(path, text) {
  waiting.atom.push({ path, text });
  const feed = parseAtomFeed(text);
  const entries = feed.entries ?? [];
  must(path, feed.id && feed.title && feed.updated, "a feed has an id, a title and a time");
  must(path, feed.links?.some((one) => one.rel === "self" && isAbsolute(one.href)), "a feed names its own address");
  must(path, isUnique(entries.map((one) => one.id)), "no two entries are one");
  must(path, feed.authors?.length || entries.every((one) => one.authors?.length), "somebody said it");
  for (const entry of entries) {
    must(path, entry.id && entry.title && entry.updated, "an entry has an id, a title and a time");
    must(path, !Number.isNaN(Date.parse(entry.updated)), `${entry.updated} is no time`);
    must(path, Date.parse(entry.updated) <= Date.parse(feed.updated), "no entry is newer than its feed");
    must(path, entry.content || entry.links?.some((one) => isAbsolute(one.href)), "an entry says or leads to something");
    must(path, (entry.links ?? []).every((one) => isAbsolute(one.href)), "links are whole");
  }
}

function rss(path, text) {
  waiting.plain.push({ path, text });
  const feed = parseRssFeed(text);
  const items = feed.items ?? [];
  must(path, feed.title && feed.link && feed.description, "a channel has a title, a link and a description");
  must(path, isAbsolute(feed.link), "the link is whole");
  must(path, isUnique(items.map((one) => one.guid?.value)), "no two items are one");
  for (const item of items) {
    must(path, item.title || item.description, "an item says something");
    must(path, item.guid?.value, "an item has a guid");
    must(path, item.guid?.isPermaLink === false || isAbsolute(item.guid?.value), "a guid that is an address is whole");
    must(path, isAbsolute(item.link), "an item leads somewhere");
    const date = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} ([+-]\d{4}|GMT)$/;
    must(path, date.test(item.pubDate), `${item.pubDate} is no time of RFC 822`);
  }
}

function jsonFeed(path, text) {
  const value = JSON.parse(text);
  valid(path, isJsonFeed, value);
  must(path, isUnique(value.items.map((one) => one.id)), "no two items are one");
  must(path, parseJsonFeed(text).items?.length ?? 0 === value.items.length, "a reader sees every item");
}

function calendar(path, text) {
  const bytes = Buffer.from(text);
  must(path, !/[^\r]\n|\r[^\n]/.test(text) && text.endsWith("\r\n"), "every line ends with CR and LF");
  const longest = Math.max(...bytes.toString("latin1").split("\r\n").map((line) => line.length));
  must(path, longest <= 75, `a line of ${longest} octets`);
  ICAL.design.strict = true;
  const whole = new ICAL.Component(ICAL.parse(text));
  must(path, whole.name === "vcalendar" && whole.getFirstPropertyValue("version") === "2.0", "no calendar of RFC 5545");
  must(path, whole.getFirstPropertyValue("prodid"), "nobody made it");
  const known = ["vevent", "vtimezone"];
  must(path, whole.getAllSubcomponents().every((one) => known.includes(one.name)), "it has parts that nobody meant");
  const events = whole.getAllSubcomponents("vevent");
  must(path, isUnique(events.map((one) => `${one.getFirstPropertyValue("uid")} ${one.getFirstPropertyValue("recurrence-id")}`)), "no two events are one");
  for (const part of events) {
    const event = new ICAL.Event(part);
    for (const name of ["uid", "dtstamp", "dtstart"]) {
      must(path, part.getAllProperties(name).length === 1, `an event has one ${name}`);
    }
    must(path, part.getFirstPropertyValue("dtstamp")?.zone === ICAL.Timezone.utcTimezone, "DTSTAMP is in UTC");
    must(path, event.summary, "an event has a name");
    must(path, event.endDate.compare(event.startDate) >= 0, "an event ends before it starts");
  }
}

/** A module may be read and linked; it is not run. */
function script(path, text) {
  must(path, Buffer.byteLength(text) < 1024, "the module takes more than a kilobyte");
  new SourceTextModule(text);
}

/** What checks each file, by the first pattern that its path has. */
const KINDS = [
  // The Nu HTML checker reads the pages, and pictures too; the calling test sees to both.
  ["html", /\.html$/, () => {}],
  ["svg", /\.svg$/, (path, text) => waiting.plain.push({ path, text })],
  ["cap", /^cap\/.*\.xml$/, (path, text) => waiting.cap.push({ path, text })],
  ["atom", /\.atom$/, atom],
  ["rss", /\.rss$/, rss],
  ["json feed", /(^|\/)feed\.json$/, jsonFeed],
  ["calendar", /\.ics$/, calendar],
  ["statuspage", /^(cy\/)?api\/v2\/.*\.json$/, (path, text) => {
    const check = statuspage(path.replace(/^(cy\/)?api\/v2\//, ""));
    if (check) valid(path, check, JSON.parse(text)); else say(path, ["no call of this API"]);
  }],
  ["embed", /^embed\/.*\.json$/, (_, text) => JSON.parse(text)],
  ["module", /^embed\/.*\.js$/, script],
  ["sitemap", /^sitemap[^/]*\.xml$/, (path, text) => waiting.plain.push({ path, text })],
  // A test of the page reads what these say.
  ["text", /^(robots|\.well-known\/security)\.txt$/, () => {}],
  ["picture", /\.(ico|png)$/, () => {}],
  ["edition", /^edition\.json$/, (_, text) => JSON.parse(text)],
];

function check(path, file) {
  const kind = KINDS.find(([, pattern]) => pattern.test(path));
  if (!kind) return say(path, ["nobody checks a file of this kind"]);
  checked[kind[0]] = (checked[kind[0]] ?? 0) + 1;
  try {
    // A reader that meets bytes that are no UTF-8 stops here.
    kind[2](path, kind[0] === "picture" ? "" : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file)));
  } catch (error) {
    say(path, [String(error)]);
  }
}

/** Runs libxml2 over many documents at once. It names files by their place in the list. */
async function lint(documents, options) {
  if (!documents.length) return;
  const xml = documents.map(({ text }, place) => ({ fileName: `${place}.xml`, contents: text }));
  const limits = { initialMemoryPages: 256, maxMemoryPages: 2 * memoryPages.GiB };
  const answer = await validateXML({ xml, ...limits, ...options });
  for (const one of answer.errors) {
    say(documents[parseInt(one.loc?.fileName, 10)]?.path ?? "some document", [one.rawMessage]);
  }
  must("libxml2", answer.valid || answer.errors.length, answer.rawOutput);
}

const folder = process.argv[2];
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())) {
  const file = join(entry.parentPath ?? entry.path, entry.name);
  // Compressed twins are the same words; another test compares them.
  if (!/\.(gz|br)$/.test(entry.name)) check(relative(folder, file).split(sep).join("/"), file);
}
await lint(waiting.cap, { schema: schema("CAP-v1.2.xsd") });
await lint(waiting.atom, { schema: schema("atom.rng"), extension: "relaxng" });
await lint(waiting.plain, { normalization: "c14n" });
console.log(JSON.stringify({ checked, faults }));
