import { posix } from 'node:path'
import ts from 'typescript'

/** What each layer may import besides itself and npm packages (the house, in the design notes and src/README.md). */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  protocol: ['core'],
  crypto: ['core'],
  store: ['core', 'crypto'],
  net: ['core', 'protocol', 'crypto'],
  sync: ['core', 'protocol', 'crypto', 'net', 'store'],
  ui: ['core'],
  features: ['core', 'protocol', 'crypto', 'net', 'store', 'sync', 'ui'],
  sw: ['core', 'protocol'],
  signaling: [],
}

/** The wire constants: all that the introducer shares with the app. */
const SHARED_WITH_SIGNALING = 'src/core/labels.ts'

/** One import: which file names which other; a package is named as written. */
export interface Import {
  readonly from: string
  readonly to: string
}

/** Whatever the text of a file imports: statically, dynamically, as a type, or as the URL of a worker. */
export function importsOf(file: string, text: string): Import[] {
  const code = file.endsWith('.svelte') ? scriptsOf(text) : text
  const named = ts.preProcessFile(code, true, true).importedFiles.map(({ fileName }) => fileName)
  const urls = [...code.matchAll(/new URL\(\s*'(\.[^']+)'\s*,\s*import\.meta\.url/g)].map(
    ([, path]) => path ?? '',
  )
  return [...named, ...urls].map((name) => ({ from: file, to: resolve(file, name) }))
}

/** Why an import is against the rules; undefined when it is fine. */
export function objection({ from, to }: Import): string | undefined {
  const importer = roomOf(from)
  const imported = roomOf(to)
  if (importer === undefined) return undefined
  if (imported === undefined) return packageObjection(importer, { from, to })
  if (importer.layer === 'root') return undefined
  const allowed = MAY_IMPORT[importer.layer]
  if (!allowed) return `${from}: no layer is called ${importer.layer}`
  if (importer.layer === 'signaling' && to === SHARED_WITH_SIGNALING) return undefined
  if (imported.layer !== importer.layer) {
    return allowed.includes(imported.layer) ? undefined : `${from}: ${importer.layer} may not import ${to}`
  }
  // What lies among the features and in none is for all of them.
  const own = imported.feature === undefined || importer.feature === imported.feature
  if (importer.layer !== 'features' || own) return undefined
  return `${from}: a feature may not import another one (${to})`
}

/** The model of the app knows nothing but itself. */
function packageObjection({ layer }: Room, { from, to }: Import): string | undefined {
  return layer === 'core' ? `${from}: core may not import the package ${to}` : undefined
}

interface Room {
  /** 'root': app.ts, main.ts, App.svelte and their like, which may import everything. */
  readonly layer: string
  readonly feature: string | undefined
}

/** Where a file lives; undefined for packages. */
function roomOf(file: string): Room | undefined {
  const [top, layer, ...rest] = file.split('/')
  if (top === 'signaling') return { layer: 'signaling', feature: undefined }
  if (top !== 'src' || layer === undefined) return undefined
  if (rest.length === 0) return { layer: 'root', feature: undefined }
  return { layer, feature: layer === 'features' && rest.length > 1 ? rest[0] : undefined }
}

function resolve(file: string, name: string): string {
  return name.startsWith('.') ? posix.join(posix.dirname(file), name) : name
}

function scriptsOf(component: string): string {
  return [...component.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>/g)]
    .map(([, code]) => code ?? '')
    .join('\n')
}
