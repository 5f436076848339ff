// `npm run check:size`: the JavaScript that a browser asks for until the first screen can be used.
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from './ensure.mjs'

/** kB (1000 bytes) after gzip -9. */
const BUDGET = 150

const app = join(root, 'dist/app')
const first = follow(entries(readFileSync(join(app, 'index.html'), 'utf8')))
const total = sum(first)
const later = scripts(app).filter((file) => !first.includes(file))

console.log(
  `First screen: ${kB(total)} kB of JavaScript in ${first.length} files (gzip); budget ${BUDGET} kB`,
)
for (const file of biggest(first)) console.log(`  ${kB(size(file)).padStart(7)}  ${file}`)
console.log(`Loaded later: ${kB(sum(later))} kB in ${later.length} files`)
for (const file of biggest(later)) console.log(`  ${kB(size(file)).padStart(7)}  ${file}`)

if (first.length === 0) {
  console.error('dist/app/index.html names no script: nothing was measured.')
  process.exitCode = 1
} else if (total > BUDGET * 1000) {
  console.error(`Over the budget by ${kB(total - BUDGET * 1000)} kB.`)
  process.exitCode = 1
}

/** What the page itself asks for: module scripts and preloads. */
function entries(html) {
  const tags = html.match(/<(?:script|link)\b[^>]*>/g) ?? []
  return tags
    .filter((tag) => tag.startsWith('<script') || tag.includes('modulepreload'))
    .flatMap((tag) => /(?:src|href)="([^"]+\.js)"/.exec(tag)?.[1] ?? [])
    .map((url) => posix.normalize(url.replace(/^\//, '')))
}

/** The scripts and everything that they import statically. */
function follow(files) {
  const seen = new Set()
  const queue = [...files]
  for (const file of queue) {
    if (seen.has(file)) continue
    seen.add(file)
    queue.push(...staticImports(file))
  }
  return [...seen]
}

/** `import"./a.js"` and `from"./a.js"`; a dynamic import has a parenthesis. */
function staticImports(file) {
  const code = readFileSync(join(app, file), 'utf8')
  const found = code.matchAll(/\b(?:import|from)\s*["'](\.{1,2}\/[^"']+\.js)["']/g)
  return [...found].map(([, path]) => posix.join(posix.dirname(file), path))
}

function scripts(folder) {
  const files = readdirSync(folder, { recursive: true }).map((name) => name.replaceAll('\\', '/'))
  return files.filter((name) => name.endsWith('.js'))
}

function biggest(files) {
  return files.toSorted((a, b) => size(b) - size(a)).slice(0, 8)
}

function sum(files) {
  return files.reduce((bytes, file) => bytes + size(file), 0)
}

function size(file) {
  return gzipSync(readFileSync(join(app, file)), { level: 9 }).length
}

function kB(bytes) {
  return (bytes / 1000).toFixed(1)
}
