// Builds static/dist from static/src: app.css, agreements.css, insights.css, app.js, board.js, the icon sprite and the
// favicon; and the outlines of land for maps, which the server draws.
// Plain node and esbuild. Fails when a file outgrows its budget. With --watch it rebuilds on every change.

import { mkdirSync, readFileSync, readdirSync, renameSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { feature } from "topojson-client";

const here = dirname(fileURLToPath(import.meta.url));
const src = join(here, "src");
const dist = join(here, "dist");
const atlas = join(here, "..", "node_modules", "world-atlas");
const tabler = join(here, "..", "node_modules", "@tabler", "icons", "icons", "outline");

// Gzip budgets in bytes (1 kB = 1000 bytes).
const budgets = { "app.css": 15_000, "agreements.css": 3_000, "insights.css": 3_000, "app.js": 15_000, "board.js": 16_000, "icons.svg": 12_000 };

// Two builds may run at once (a server that watches, a test that checks): nobody may ever read half a file.
function put(name, content) {
  const half = join(dist, `.${name}.${process.pid}`);
  writeFileSync(half, content);
  renameSync(half, join(dist, name));
  return Buffer.from(content);
}

async function bundle(name, entry, options = {}) {
  const result = await esbuild.build({
    entryPoints: [join(src, entry)], outfile: join(dist, name), write: false,
    bundle: true, minify: true, legalComments: "none", ...options,
  });
  return put(name, result.outputFiles[0].contents);
}

// What stands inside one svg element, without the invisible square that Tabler draws around every icon.
function inner(svg) {
  return svg
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, "")
    .replace(/\s*\n\s*/g, "")
    .replace(/\s+\/>/g, "/>")
    .trim();
}

function sprite() {
  const stroke = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  const symbols = [];
  for (const name of JSON.parse(readFileSync(join(src, "icons.json"), "utf8"))) {
    const svg = readFileSync(join(tabler, `${name}.svg`), "utf8");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" ${stroke}>${inner(svg)}</symbol>`);
  }
  // Our own drawings keep the attributes of their own svg element.
  for (const file of readdirSync(join(src, "icons")).sort()) {
    const svg = readFileSync(join(src, "icons", file), "utf8");
    const paint = [...svg.match(/<svg([^>]*)>/)[1].matchAll(/(viewBox|fill|stroke[\w-]*)="[^"]*"/g)].map((m) => m[0]);
    symbols.push(`<symbol id="${file.replace(/\.svg$/, "")}" ${paint.join(" ")}>${inner(svg)}</symbol>`);
  }
  console.log(`${symbols.length} icons`);
  return put("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

// A ring that crosses the date line goes on beyond 180° instead of back around the world; one around the pole runs along it.
function unrolled(ring) {
  let turn = 0;
  const points = ring.map(([east, north], place) => {
    const step = place ? east - ring[place - 1][0] : 0;
    turn += step > 180 ? -360 : step < -180 ? 360 : 0;
    return [east + turn, north];
  });
  return turn ? [...points, [points.at(-1)[0], -90], [points[0][0], -90], points[0]] : points;
}

// Rings of [east, north] in degrees, rough ones for the world and fine ones for a region.
function land() {
  const rings = (name, digits) => {
    const topology = JSON.parse(readFileSync(join(atlas, name), "utf8"));
    const shapes = feature(topology, topology.objects.land).features.map((each) => each.geometry.coordinates);
    return shapes.flat(2).map((ring) => unrolled(ring).map((point) => point.map((degree) => Number(degree.toFixed(digits)))));
  };
  put("land.json", JSON.stringify({ rough: rings("land-110m.json", 1), fine: rings("land-50m.json", 2) }));
}

function weigh(built) {
  let fits = true;
  for (const [name, budget] of Object.entries(budgets)) {
    const raw = built[name];
    const size = gzipSync(raw, { level: 9 }).length;
    const word = size > budget ? "TOO LARGE" : "ok";
    fits &&= size <= budget;
    console.log(
      `${name.padEnd(12)} ${(raw.length / 1000).toFixed(1).padStart(6)} kB, gzip ${(size / 1000).toFixed(1).padStart(5)}` +
        ` of ${(budget / 1000).toFixed(0)} kB  ${word}`,
    );
  }
  return fits;
}

async function build() {
  mkdirSync(dist, { recursive: true });
  put("favicon.svg", readFileSync(join(src, "favicon.svg")));
  land();
  return weigh({
    "app.css": await bundle("app.css", "css/app.css"),
    "agreements.css": await bundle("agreements.css", "css/agreements-page.css"),
    "insights.css": await bundle("insights.css", "css/insights-page.css"),
    "app.js": await bundle("app.js", "js/app.js", { format: "esm", target: "es2022" }),
    "board.js": await bundle("board.js", "js/board.js", { format: "esm", target: "es2022" }),
    "icons.svg": sprite(),
  });
}

if (!(await build())) process.exitCode = 1;

if (process.argv.includes("--watch")) {
  let timer;
  watch(src, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => build().catch((error) => console.error(error.message)), 80);
  });
}
