// Loaded into a server with `--import`: tells its parent on request how much memory and processor time it has used.
process.on('message', () => {
  globalThis.gc()
  process.send({ memory: process.memoryUsage(), cpu: process.cpuUsage() })
})
