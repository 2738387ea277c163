// Builds dist/: bundled script and style, the icon sprite and the favicon under hashed names, each with
// .br and .gz beside it, and manifest.json (plain name -> hashed name). dist-tests/ is never embedded.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { icons, logo } from "./icons.mjs";

process.chdir(import.meta.dirname);
const modules = "node_modules";

/** The oldest browsers that know light-dark(), popovers and nesting; esbuild lowers none of the first two. */
const browsers = ["chrome123", "firefox125", "safari17.5"];

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: ["ts/app.ts", "ts/live-worker.ts", "ts/theme-first.ts", "css/app.css"],
    entryNames: "[name]",
    outdir: "dist",
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: browsers,
    legalComments: "eof",
  });
  return outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)]);
}

const view = 'viewBox="0 0 24 24"';

async function sprite() {
  const symbols = Object.entries(icons).map(async ([name, drawing]) => {
    const svg = await readFile(`${modules}/lucide-static/icons/${drawing}.svg`, "utf8");
    const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
    return `<symbol id="${name}" ${view}>${shapes.replace(/\s+/g, " ").replaceAll("> <", "><").trim()}</symbol>`;
  });
  const mark = `<symbol id="logo" ${view}>${logo}</symbol>`;
  const notice = "<!-- Icons by Lucide (lucide.dev), ISC License, Copyright Lucide Icons and Contributors; Feather, MIT License, Copyright Cole Bemis -->";
  return `<svg xmlns="http://www.w3.org/2000/svg">${notice}${(await Promise.all(symbols)).join("")}${mark}</svg>\n`;
}

const favicon = `<svg xmlns="http://www.w3.org/2000/svg" ${view} fill="none" stroke-linecap="round">
<style>svg{stroke:#1c4cb4}@media (prefers-color-scheme:dark){svg{stroke:#8db4ff}}</style>${logo}</svg>\n`;

function hashedName(name, body) {
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 10);
  return `${basename(name, extname(name))}-${hash}${extname(name)}`;
}

async function emit(name, content) {
  const body = Buffer.from(content);
  const hashed = hashedName(name, body);
  const brotli = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } };
  await writeFile(`dist/${hashed}`, body);
  await writeFile(`dist/${hashed}.br`, brotliCompressSync(body, brotli));
  await writeFile(`dist/${hashed}.gz`, gzipSync(body, { level: 9 }));
  return [name, hashed];
}

async function main() {
  const files = [...(await bundle()), ["icons.svg", await sprite()], ["favicon.svg", favicon]];
  await rm("dist", { recursive: true, force: true });
  await mkdir("dist", { recursive: true });
  await mkdir("dist-tests", { recursive: true });
  const names = await Promise.all(files.map(([name, content]) => emit(name, content)));
  await cp(`${modules}/axe-core/axe.min.js`, "dist-tests/axe.min.js");
  // Last, so that a manifest always stands for a finished build.
  await writeFile("dist/manifest.json", `${JSON.stringify(Object.fromEntries(names), null, 2)}\n`);
}

await main();
